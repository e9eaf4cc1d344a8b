/** `counterfoil freeze` and `thaw`: the one asks nothing, because speed matters; the other may need a passkey. */
import { print, readInvocation } from './api-command.ts';
import { withApi } from './api.ts';

const FREEZE_HELP = `The vault signs nothing new from now on, and stays frozen over restarts. Cancels stay allowed.

Usage: npx counterfoil freeze [options]

  --connection ID  this key alone; otherwise everything
  --entries-only   no new positions; exits go on
  --json           the answer as JSON
  --home DIR       data folder

It does not stop a copy of the key that is used elsewhere: delete the key at the exchange, too.
`;

export async function freeze(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, FREEZE_HELP, {
    connection: { type: 'string' },
    'entries-only': { type: 'boolean' },
  });
  if (invocation === null) return 0;
  const depth = invocation.flags['entries-only'] === true ? 'noNewPositions' : 'everything';
  const answer = await withApi(invocation.home, (api) =>
    api.freeze({ body: { ...scopeOf(invocation.flags), depth } }),
  );
  print(invocation, answer, () =>
    [
      'Frozen. The vault signs nothing new.',
      ...answer.freezes.map((one) => `  ${one.connection ?? one.scope}: ${one.depth}, since ${one.at}`),
      ...(answer.unprotected.length === 0
        ? []
        : [
            'Nothing manages these positions until the thaw, besides orders that rest at the venue:',
            ...answer.unprotected.map((one) => `  ${one.quantity} of ${one.symbol} (${one.deal})`),
          ]),
    ].join('\n'),
  );
  return 0;
}

const THAW_HELP = `Lets the vault sign again. Live keys need a passkey: thaw them on the security page.

Usage: npx counterfoil thaw [--connection ID] [--json] [--home DIR]
`;

export async function thaw(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, THAW_HELP, { connection: { type: 'string' } });
  if (invocation === null) return 0;
  const { items } = await withApi(invocation.home, (api) =>
    api.thaw({ body: { ...scopeOf(invocation.flags), assertion: null } }),
  );
  print(invocation, items, () =>
    items.length === 0
      ? 'Nothing is frozen any more.'
      : items
          .map((one) => `Still frozen: ${one.connection ?? one.scope} (${one.depth}, ${one.reason})`)
          .join('\n'),
  );
  return items.length === 0 ? 0 : 1;
}

function scopeOf(flags: Readonly<Record<string, string | boolean | undefined>>) {
  const connection = flags['connection'];
  return typeof connection === 'string'
    ? ({ scope: 'connection', connection } as const)
    : ({ scope: 'everything', connection: null } as const);
}
