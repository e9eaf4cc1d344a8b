import type { Account } from '../core/account.ts';
import type { Venue } from '../venue.ts';
import type { Doors } from '../websocket/doors.ts';

/** An admin request that cannot be done, with a code and a sentence for the person who sent it. */
export class AdminRefused extends Error {
  readonly code:
    | 'unknown-account'
    | 'unknown-key'
    | 'unknown-market'
    | 'bad-public-key'
    | 'too-many-faults'
    | 'step-too-fine';
  readonly status: number;

  constructor(code: AdminRefused['code'], message: string, status = 404) {
    super(message);
    this.name = 'AdminRefused';
    this.code = code;
    this.status = status;
  }
}

export interface AdminRequest {
  readonly venue: Venue;
  readonly doors: Doors;
  /** What stood at the `*` of the pattern. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export type AdminRoute = (request: AdminRequest) => unknown;

export function knownAccount(venue: Venue, id: number): Account {
  const account = venue.state.accounts.get(id);
  if (account?.kind !== 'user') throw new AdminRefused('unknown-account', `There is no user account ${id}.`);
  return account;
}
