/** `counterfoil connections`: the keys of this installation, and what becomes of them. */
import type { ApiClient, Connection } from '@counterfoil/api';
import { withApi } from './api.ts';
import { print, readInvocation, table } from './api-command.ts';
import { CommandError, UsageError } from './errors.ts';

const HELP = `The keys with which this installation trades.

Usage: npx counterfoil connections              all of them, removed ones included
       npx counterfoil connections rotate NAME  makes the key that shall replace this one (--type ed25519 or rsa)
       npx counterfoil connections remove NAME  destroys the key for good; orders, fills and receipts stay

NAME is a connection's label or id. At a real exchange you register the new public half yourself, and then its id in
the dashboard; until then the old key goes on. There an owner's passkey has to agree, which only the dashboard can ask.

  --type TYPE  of the new key (default: ed25519)
  --json       the answer as JSON
  --home DIR   data folder
`;

export async function connections(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, HELP, { type: { type: 'string' } });
  if (invocation === null) return 0;
  const [what = 'list', ...names] = invocation.words;
  const { type = 'ed25519' } = invocation.flags;
  if (type !== 'ed25519' && type !== 'rsa') throw new UsageError('--type is ed25519 or rsa');
  return withApi(invocation.home, async (api) => {
    const { items } = await api.listConnections();
    if (what === 'list') {
      print(invocation, items, () => (items.length === 0 ? 'There are no connections.' : describe(items)));
      return 0;
    }
    const after = await change(api, what, find(items, names.join(' ')), type);
    print(invocation, after, () => describe([after]));
    return 0;
  });
}

function change(
  api: ApiClient,
  what: string,
  { id }: Connection,
  keyType: 'ed25519' | 'rsa',
): Promise<Connection> {
  const params = { connection: id };
  switch (what) {
    case 'rotate':
      return api.rotateConnection({
        params,
        body: { keyType, assertion: null },
        idempotencyKey: crypto.randomUUID(),
      });
    case 'remove':
      return api.removeConnection({ params, body: { assertion: null } });
    default:
      throw new UsageError(`there is no connections ${what}; say list, rotate or remove`);
  }
}

/** A removed connection is found by its id alone: its label may be another's by now. */
function find(connections: readonly Connection[], name: string): Connection {
  if (name === '') throw new UsageError('say which connection: its label or its id');
  const [first, second] = connections.filter(
    ({ id, label, removedAt }) => id === name || (label === name && removedAt === null),
  );
  if (first === undefined) throw new CommandError(`there is no connection ${JSON.stringify(name)}.`);
  if (second !== undefined)
    throw new CommandError(`more than one is called ${JSON.stringify(name)}; say its id.`);
  return first;
}

function describe(connections: readonly Connection[]): string {
  const rows = connections.map(({ id, environment, venue, label, keyType, born, state, grade, trouble }) => [
    environment.toUpperCase(),
    label,
    venue,
    `${keyType}, ${born}`,
    grade ?? '-',
    trouble === null ? state : `${state}: ${trouble}`,
    id,
  ]);
  return table(['', 'LABEL', 'VENUE', 'KEY', 'GRADE', 'STATE', 'ID'], rows);
}
