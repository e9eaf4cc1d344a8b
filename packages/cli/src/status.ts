/** `counterfoil status`: what runs, what it is worth, what is frozen. */
import { print, readInvocation } from './api-command.ts';
import { withApi } from './api.ts';

const HELP = `Says what the running installation does.

Usage: npx counterfoil status [--json] [--home DIR]
`;

export async function status(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, HELP);
  if (invocation === null) return 0;
  const [session, bots, portfolio, security] = await withApi(invocation.home, (api) =>
    Promise.all([
      api.getSession(),
      api.listBots({ query: { limit: 200 } }),
      api.getPortfolio(),
      api.getSecurity(),
    ]),
  );
  const running = bots.items.filter(({ state }) => state === 'running').length;
  print(invocation, { session, bots: bots.items, portfolio, security }, () =>
    [
      `Workspace   ${session.workspace?.name ?? '–'}${session.workspace?.demo === true ? ' (demo, no account yet)' : ''}`,
      `Money       ${portfolio.environment.toUpperCase()}  ${portfolio.worth} ${portfolio.quote}, open risk ${portfolio.openRisk}`,
      `Bots        ${running} of ${bots.items.length} running`,
      `Keys        ${security.custody.sentence}`,
      `Isolation   ${security.isolation.level}: ${security.isolation.sentence}`,
      `            does not protect from: ${security.isolation.protectsNotFrom}`,
      `Receipts    ${security.receipts.orders} uses of keys, ${security.receipts.receipts} receipts`,
      `Foreign     ${security.foreignTrades.sentence}`,
      `Frozen      ${security.freezes.length === 0 ? 'nothing' : security.freezes.map((one) => `${one.connection ?? one.scope} (${one.depth}, ${one.reason})`).join(', ')}`,
      `Vault       ${security.vaultKeyHash ?? 'does not answer'}`,
    ].join('\n'),
  );
  return 0;
}
