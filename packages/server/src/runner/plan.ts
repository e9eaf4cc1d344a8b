/** What a bot is made of: its kind and the options of that kind's machine. */
import {
  checkDcaOptions,
  checkGridOptions,
  checkSmartTradeOptions,
  type DcaCommand,
  type DcaOptions,
  type GridCommand,
  type GridOptions,
  type Refusal,
  type SmartTradeCommand,
  type SmartTradeOptions,
} from '@counterfoil/engine';
import { type Market, type Price, withSteps } from '@counterfoil/vocabulary';

export type BotPlan =
  | { readonly kind: 'dca'; readonly options: DcaOptions }
  | { readonly kind: 'grid'; readonly options: GridOptions }
  | { readonly kind: 'smart-trade'; readonly options: SmartTradeOptions };

/** What the owner may ask of a bot. It is written down first and carried out by the worker that has the bot. */
export type BotRequest =
  | { readonly kind: 'start' }
  /** No new deals; open ones run on. DCA bots only. */
  | { readonly kind: 'pause' }
  /** Ends everything: `close` leaves positions at market, `keep` cancels the orders and keeps the coins. */
  | { readonly kind: 'stop'; readonly positions: 'close' | 'keep' }
  /** New options of the same kind: of the next deals for a DCA bot; a grid must be stopped. */
  | { readonly kind: 'edit'; readonly plan: BotPlan }
  /** An outside signal (a webhook) about one of the bot's markets. */
  | { readonly kind: 'signal'; readonly name: string; readonly market: number }
  /** A command of the bot's own machine, about one of its markets. */
  | {
      readonly kind: 'machine';
      readonly command: DcaCommand | GridCommand | SmartTradeCommand;
      readonly market: number;
    };

export function marketsOf(plan: BotPlan): readonly Market[] {
  return plan.kind === 'dca' ? plan.options.markets : [plan.options.market];
}

/** The same plan on markets whose steps are those that the venue demands today, where it is known. */
export function planToday(plan: BotPlan, todayOf: (symbol: string) => Market | undefined): BotPlan {
  const stepped = (market: Market): Market => {
    const today = todayOf(market.symbol);
    return today === undefined ? market : withSteps(market, today);
  };
  const made = marketsOf(plan);
  const markets = made.map(stepped);
  if (markets.every((market, n) => market === made[n])) return plan;
  switch (plan.kind) {
    case 'dca':
      return { ...plan, options: { ...plan.options, markets } };
    case 'grid':
      return { ...plan, options: { ...plan.options, market: stepped(plan.options.market) } };
    case 'smart-trade':
      return { ...plan, options: { ...plan.options, market: stepped(plan.options.market) } };
    default:
      return plan satisfies never;
  }
}

/** Everything that is impossible about a plan at these prices, one per market. */
export function checkPlan(plan: BotPlan, prices: readonly Price[]): readonly Refusal[] {
  const [price] = prices;
  if (price === undefined) throw new Error('a plan is checked against the prices of its markets');
  switch (plan.kind) {
    case 'dca':
      return checkDcaOptions(plan.options, prices);
    case 'grid':
      return checkGridOptions(plan.options, price);
    case 'smart-trade':
      return checkSmartTradeOptions(plan.options, price);
    default:
      return plan satisfies never;
  }
}
