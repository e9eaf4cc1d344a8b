/** `counterfoil vault passkeys`: whose approvals the vault takes. Making and removing one needs a browser. */
import { table } from './api-command.ts';
import { withApi } from './api.ts';

const ADVICE = `Add or remove one on the Security page: a passkey that the vault knows approves it there.
Whoever loses all of them can still freeze, tighten limits and sign in with the printed recovery key, and bots go on
within the limits that hold. Nobody can loosen limits, thaw a live key or add a passkey any more: then delete the keys
at the exchange, and connect new ones in a new data folder.`;

export async function passkeys(home: string, isJson: boolean): Promise<number> {
  const { items } = await withApi(home, (api) => api.listVaultPasskeys());
  if (isJson) {
    process.stdout.write(`${JSON.stringify(items)}\n`);
    return 0;
  }
  const rows = items.map(({ label, approvesFrom, credentialId }) => [label, approvesFrom, credentialId]);
  const list =
    items.length === 0
      ? 'The vault knows no passkey: the first that an account is made with becomes its owner.'
      : table(['passkey', 'approves from', 'credential'], rows);
  const few = items.length === 1 ? '\nThis is the only one: add a second while you have it.\n' : '';
  process.stdout.write(`${list}\n${few}\n${ADVICE}\n`);
  return 0;
}
