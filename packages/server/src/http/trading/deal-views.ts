/** Deals as the API shows them: open ones from the machine's state, closed ones from the ledger's rows. */
import type { Deal, DealState } from '@counterfoil/api';
import {
  averageEntry,
  type DcaDeal,
  type DcaState,
  type DealResult,
  openQuantity,
  stopLevel,
} from '@counterfoil/engine';
import { formatAmount, formatPrice, formatQuantity, type Market } from '@counterfoil/vocabulary';
import { type BotPlan, marketsOf } from '../../runner/plan.ts';
import type { BotView, DealView } from '../../runner/service.ts';
import { notFound } from '../problem.ts';

/** `BOT-NUMBER`: a deal's number counts within its bot. */
export function dealId(bot: string, number: number): string {
  return `${bot}-${number}`;
}

export function readDealId(id: string): { readonly bot: string; readonly number: number } {
  const [, bot, number] = /^(.+)-([1-9][0-9]{0,8})$/.exec(id) ?? [];
  if (bot === undefined) throw notFound('deal');
  return { bot, number: Number(number) };
}

export function openDeal(view: Pick<BotView, 'plan' | 'state'>, number: number): DcaDeal | null {
  if (view.plan.kind !== 'dca' || view.state === null) return null;
  return (view.state as DcaState).deals.find((deal) => deal.number === number) ?? null;
}

/** `plan` and `state` are of the deal's bot. */
export function dealOf(row: DealView, { plan, state }: Pick<BotView, 'plan' | 'state'>): Deal {
  const open = openDeal({ plan, state }, row.number);
  const market = marketsOf(plan).find(({ symbol }) => symbol === row.symbol);
  const same = {
    id: dealId(row.bot, row.number),
    bot: row.bot,
    number: row.number,
    environment: 'paper',
    symbol: row.symbol,
    direction: directionOf(plan),
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  } as const;
  if (market === undefined || open === null) return { ...same, ...closedPart(row, market) };
  return { ...same, ...openPart(open, market) };
}

type Part = Pick<
  Deal,
  | 'state'
  | 'closedBy'
  | 'entered'
  | 'quantity'
  | 'average'
  | 'averagings'
  | 'takeProfitPrice'
  | 'stopLossPrice'
  | 'profit'
>;

function openPart(deal: DcaDeal, market: Market): Part {
  const { account, options } = deal;
  const held = openQuantity(account, options.direction);
  const stop = stopLevel(deal, market);
  // A stop that trails is known to who watches the price; the level that targets earned stands.
  const isFixed = stop !== null && (stop.earned || options.stopLoss?.trailing === false);
  const target = deal.orders.working.find((order) => order.role.startsWith('tp') && order.price !== null);
  return {
    state: phases[deal.phase],
    closedBy: deal.why,
    entered: formatAmount(market, account.enteredAmount),
    quantity: held > 0n ? formatQuantity(market, held) : '0',
    average: account.enteredQuantity > 0n ? formatPrice(market, averageEntry(account, market)) : null,
    averagings: deal.averagingsDone,
    takeProfitPrice:
      target?.price === undefined || target.price === null ? null : formatPrice(market, target.price),
    stopLossPrice: isFixed ? formatPrice(market, stop.price) : null,
    profit: null,
  };
}

const phases: Readonly<Record<DcaDeal['phase'], DealState>> = {
  opening: 'opening',
  open: 'open',
  closing: 'closing',
  leaving: 'leaving',
};

function closedPart({ result }: DealView, market: Market | undefined): Part {
  // Written by the ledger from the note that closed the deal; an empty record where there is none yet.
  const said = result as DealResult | null;
  const known = said !== null && market !== undefined && 'profit' in said;
  return {
    state: 'closed',
    closedBy: known ? said.why : null,
    entered: known ? formatAmount(market, said.entered) : '0',
    quantity: '0',
    average: null,
    averagings: known ? said.averagings : 0,
    takeProfitPrice: null,
    stopLossPrice: null,
    profit: known ? { asset: market.quote, amount: formatAmount(market, said.profit) } : null,
  };
}

function directionOf(plan: BotPlan): Deal['direction'] {
  return plan.kind === 'grid' ? 'long' : plan.options.direction;
}
