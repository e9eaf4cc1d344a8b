/** One connection with everything that is its own: key, chain, uses, limits, venue. */
import type { AccountStream } from './account-stream.ts';
import type { Chain } from './chain.ts';
import type { Key } from './keyring.ts';
import type { Limits } from './mandate.ts';
import type { ReadWindow } from './read-window.ts';
import type { References } from './reference.ts';
import type { Standing } from './standing.ts';
import type { Uses } from './uses.ts';
import type { VenueClient } from './venue-client.ts';

export interface Connection {
  readonly key: Key;
  readonly chain: Chain;
  readonly uses: Uses;
  readonly limits: Limits;
  readonly standing: Standing;
  /** What the venue's markets are, one for all of its connections. */
  readonly references: References;
  readonly reads: ReadWindow;
  readonly venue: VenueClient;
  /** Null where the venue has none. */
  readonly stream: AccountStream | null;
  /** Whether the venue has said, since this start, that the key can trade and cannot withdraw. */
  checked: boolean;
  /** Whether it has ever said so: what it says otherwise since is a change. */
  wasGood: boolean;
}
