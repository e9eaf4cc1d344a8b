/** `counterfoil deals`: look at deals and end them. */
import { randomUUID } from 'node:crypto';
import { print, readInvocation, table } from './api-command.ts';
import { withApi } from './api.ts';
import { UsageError } from './errors.ts';

const HELP = `Looks at deals and ends them.

Usage: npx counterfoil deals [COMMAND] [ID] [options]

  npx counterfoil deals               the newest ones
  npx counterfoil deals close ID      close at market
  npx counterfoil deals cancel ID     cancel its orders and keep the coins

  --json      the answer as JSON
  --home DIR  data folder
`;

export async function deals(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, HELP);
  if (invocation === null) return 0;
  const [command = 'list', deal] = invocation.words;
  if (command === 'list') {
    const { items } = await withApi(invocation.home, (api) => api.listDeals());
    const rows = items.map((one) => [
      one.id,
      one.symbol,
      one.state,
      one.entered,
      one.average ?? '',
      one.profit === null ? '' : `${one.profit.amount} ${one.profit.asset}`,
      one.closedBy ?? '',
    ]);
    print(invocation, items, () =>
      table(['ID', 'MARKET', 'STATE', 'ENTERED', 'AVERAGE', 'PROFIT', 'WHY'], rows),
    );
    return 0;
  }
  if (command !== 'close' && command !== 'cancel') throw new UsageError(`there is no deals ${command}`);
  if (deal === undefined) throw new UsageError('say which deal: its id');
  const call = { params: { deal }, idempotencyKey: randomUUID() };
  const after = await withApi(invocation.home, (api) =>
    command === 'close' ? api.closeDeal(call) : api.cancelDeal(call),
  );
  print(invocation, after, () => `${after.id}: ${after.state}`);
  return 0;
}
