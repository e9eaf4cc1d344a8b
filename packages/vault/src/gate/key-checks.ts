/** Permissions of a key are changed at the venue, where nobody asks the vault: so the vault asks again every day. */
import type { ConnectionId } from '@counterfoil/vocabulary';
import { nowMs } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Keyring } from './keyring.ts';
import { checkPermissions } from './keys.ts';
import { Refusal } from './refusal.ts';
import type { Vault } from './use.ts';

const RECHECK_MS = 24 * 3_600_000;
/** A venue that was silent is asked again in a minute. */
const RECHECK_LOOK_MS = 60_000;

/** Checks every key in use again when a day has passed. One that is refused is not used until a check succeeds. */
export function keepChecking(
  connections: ReadonlyMap<ConnectionId, Connection>,
  vault: Vault,
  keyring: Keyring,
  onRefused: (connection: Connection, code: Refusal['code']) => void,
): void {
  const checkedAtMs = new Map<Connection, number>();
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    for (const connection of [...connections.values()].filter(({ checked }) => checked)) {
      const last = checkedAtMs.get(connection) ?? nowMs();
      checkedAtMs.set(connection, last);
      if (nowMs() - last < RECHECK_MS) continue;
      await checkPermissions(vault, keyring, connection).then(
        () => checkedAtMs.set(connection, nowMs()),
        (error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
          onRefused(connection, error.code);
        },
      );
    }
    for (const connection of checkedAtMs.keys())
      if (connections.get(connection.key.connection) !== connection) checkedAtMs.delete(connection);
    looking = false;
  };
  setInterval(() => void look(), RECHECK_LOOK_MS);
}
