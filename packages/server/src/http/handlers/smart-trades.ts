/** Routes of SmartTrades: to the ledger a SmartTrade is a bot of its own kind. */
import type { RouteName, SmartTrade, SmartTradeOptionsBody } from '@counterfoil/api';
import type { SmartTradeCommand } from '@counterfoil/engine';
import { type Market, parsePrice, parseQuantity, type Price } from '@counterfoil/vocabulary';
import { record } from '../../accounts/activity.ts';
import type { BotPlan } from '../../runner/plan.ts';
import type { BotView } from '../../runner/service.ts';
import type { Call, Handlers } from '../handlers.ts';
import { pageOf, readCursor } from '../page.ts';
import { notFound } from '../problem.ts';
import { historiesOf, smartOptions, smartTradeOf } from '../trading/bot-views.ts';
import { smartExitFromText, smartTradeFromText } from '../trading/plan-text.ts';
import { previewOf } from '../trading/preview.ts';
import {
  type AskedOfBot,
  type TradingParts,
  askBot,
  findConnection,
  refuseImpossible,
  validationOf,
} from './bots.ts';

type Names = Extract<
  RouteName,
  | `${string}SmartTrade`
  | 'listSmartTrades'
  | 'forceStart'
  | 'addSmartFunds'
  | 'reduceSmartFunds'
  | 'changeSmartExit'
>;

export function smartTradeHandlers(parts: TradingParts): Pick<Handlers, Names> {
  const { database, service, markets } = parts;

  const find = async (owner: string, id: string): Promise<BotView> => {
    const view = await service.bot(owner, id);
    if (view === null || view.plan.kind !== 'smart-trade') throw notFound('SmartTrade');
    return view;
  };
  const show = async (owner: string, id: string): Promise<SmartTrade> => {
    const [view, histories] = await Promise.all([find(owner, id), historiesOf(database, owner, id)]);
    return smartTradeOf(view, histories.get(id));
  };
  const planOf = async (
    text: SmartTradeOptionsBody,
  ): Promise<{ plan: BotPlan; prices: readonly Price[] }> => {
    const market = await markets.market(text.market);
    const plan: BotPlan = { kind: 'smart-trade', options: smartTradeFromText(text, market) };
    return { plan, prices: [await markets.price(market)] };
  };
  const ask = async (
    { caller, params }: Pick<Call<'closeSmartTrade'>, 'caller' | 'params'>,
    make: (market: Market) => SmartTradeCommand,
    what: AskedOfBot,
  ): Promise<SmartTrade> => {
    const view = await find(caller.owner, params.smartTrade);
    const command = make(smartOptions(view.plan).market);
    await askBot(parts, caller, view, { kind: 'machine', command, market: 0 }, what);
    return show(caller.owner, view.id);
  };

  return {
    listSmartTrades: async ({ caller, query }) => {
      const after = readCursor(query, 1);
      const [views, histories] = await Promise.all([
        service.bots(caller.owner),
        historiesOf(database, caller.owner, null),
      ]);
      const shown = views.filter(({ plan }) => plan.kind === 'smart-trade').toReversed();
      const from = after === null ? 0 : shown.findIndex((view) => view.id === after[0]) + 1;
      return pageOf(
        shown.slice(from, from + query.limit + 1),
        query.limit,
        (view) => [view.id],
        (view) => smartTradeOf(view, histories.get(view.id)),
      );
    },
    getSmartTrade: async ({ caller, params }) => show(caller.owner, params.smartTrade),
    validateSmartTrade: async ({ caller, body }) => {
      await findConnection(database, caller.owner, body.connection);
      const { plan, prices } = await planOf(body.options);
      return validationOf(plan, prices);
    },
    previewSmartTrade: async ({ caller, body }) => {
      await findConnection(database, caller.owner, body.connection);
      const { plan, prices } = await planOf(body.options);
      refuseImpossible(plan, prices);
      return previewOf(plan, prices);
    },
    createSmartTrade: async ({ caller, body }) => {
      await findConnection(database, caller.owner, body.connection);
      const { plan, prices } = await planOf(body.options);
      refuseImpossible(plan, prices);
      const { name, connection } = body;
      const id = await service.create({ owner: caller.owner, name, connection, plan });
      await record(database, caller.owner, caller, 'smart-trade-made', { name });
      await askBot(parts, caller, await find(caller.owner, id), { kind: 'start' }, 'start');
      return show(caller.owner, id);
    },
    forceStart: async (call) => ask(call, () => ({ kind: 'force-start' }), 'force-start'),
    closeSmartTrade: async (call) => ask(call, () => ({ kind: 'close' }), 'close'),
    cancelSmartTrade: async (call) => ask(call, () => ({ kind: 'cancel' }), 'cancel'),
    addSmartFunds: async (call) =>
      ask(
        call,
        (market) => ({
          kind: 'add-funds',
          quantity: parseQuantity(market, call.body.quantity),
          price: call.body.price === null ? null : parsePrice(market, call.body.price),
        }),
        'add-funds',
      ),
    reduceSmartFunds: async (call) =>
      ask(
        call,
        (market) => ({ kind: 'reduce-funds', quantity: parseQuantity(market, call.body.quantity) }),
        'reduce',
      ),
    changeSmartExit: async (call) =>
      ask(
        call,
        (market) => ({ kind: 'change-exit', exit: smartExitFromText(call.body, market) }),
        'change-exits',
      ),
  };
}
