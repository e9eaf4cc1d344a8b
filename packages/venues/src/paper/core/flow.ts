import { Account } from './account.ts';
import { closeOrder } from './close.ts';
import type { OrderRequest } from './commands.ts';
import type { FlowState } from './flow-state.ts';
import { priceUnits, quantityUnits, type Market } from './market.ts';
import { type Side } from './order.ts';
import { placeOrder } from './place.ts';
import { randomAround, randomBelow } from './random.ts';
import { scenarioStep } from './scenario.ts';
import { OUTSIDE_ACCOUNT, type ExchangeState } from './state.ts';

/** Two of each, so that makers meet several counterparties and self-trade prevention never empties the book. */
const MAKERS = 2;
const TAKERS = 2;
/** Quotes one maker keeps on each side. */
const QUOTES_PER_SIDE = 12;
/** One quote out of this many steps outwards from the reference: a gap of 1 to this many tenths of a bip. */
const GAP_TENTH_BIPS_MAX = 12;
/** The reference moves by at most this many tenths of a bip per step. */
const MOVE_TENTH_BIPS_MAX = 15;
/** Value of one quote and of one market order at most, as multiples of the least notional. */
const QUOTE_NOTIONALS_MAX = 400;
const TAKE_NOTIONALS_MAX = 150;
const TENTH_BIPS_PER_ONE = 100_000;

/** Opens the accounts of a market's makers and takers and fills its book for the first time. */
export function startFlow(state: ExchangeState, market: Market, seed: number, at: number): void {
  const open = (role: string, count: number): number[] =>
    Array.from({ length: count }, (_, index) => {
      const id = state.nextAccountId++;
      state.accounts.set(id, new Account(id, `${market.spec.symbol} ${role} ${index + 1}`, 'background', at));
      return id;
    });
  const flow: FlowState = {
    seed: seed | 0,
    referenceTicks: market.lastTicks,
    scenario: 'calm',
    scenarioSteps: 0,
    scenarioTicks: market.lastTicks,
    makers: open('maker', MAKERS),
    takers: open('taker', TAKERS),
  };
  state.flows.set(market.spec.symbol, flow);
  for (const maker of flow.makers) requote(state, market, flow, maker, at);
}

/**
 * One step of the background flow: the reference price moves, one maker renews its quotes around it, and
 * sometimes a taker takes. Everything is drawn from the flow's own seed, so a replay is exact.
 */
export function stepFlow(state: ExchangeState, market: Market, flow: FlowState, at: number): void {
  const driftTenthBips = followScenario(market, flow);
  if (market.status !== 'TRADING') return;
  const moveTenthBips = randomAround(flow, MOVE_TENTH_BIPS_MAX) + driftTenthBips;
  const moved = flow.referenceTicks + Math.round((flow.referenceTicks * moveTenthBips) / TENTH_BIPS_PER_ONE);
  flow.referenceTicks = Math.max(1_000, moved);
  const maker = flow.makers[randomBelow(flow, flow.makers.length)];
  if (maker !== undefined) requote(state, market, flow, maker, at);
  const taker = flow.takers[randomBelow(flow, flow.takers.length)];
  if (taker !== undefined && randomBelow(flow, 10) < 7) takeSome(state, market, flow, taker, at);
}

/** Takes the scenario one step further; returns the drift it asks for. A halt is the scenario's own to end. */
function followScenario(market: Market, flow: FlowState): number {
  const { scenario } = flow;
  const off = ((flow.referenceTicks - flow.scenarioTicks) * TENTH_BIPS_PER_ONE) / flow.scenarioTicks;
  const step = scenarioStep(scenario, flow.scenarioSteps, off);
  flow.scenarioSteps += 1;
  if (scenario === 'halt') market.status = step.isHalted ? 'HALT' : 'TRADING';
  if (step.isOver) flow.scenario = 'calm';
  return step.driftTenthBips;
}

/** Cancels the maker's stale quotes, those on the wrong side of the reference too, and quotes afresh. */
function requote(state: ExchangeState, market: Market, flow: FlowState, maker: number, at: number): void {
  const account = state.account(maker);
  for (const order of account.open.values()) closeOrder(state, market, order, 'CANCELED', at);
  for (const side of ['BUY', 'SELL'] as const) {
    let ticks = flow.referenceTicks;
    for (let quote = 0; quote < QUOTES_PER_SIDE; quote++) {
      const gap = Math.ceil(
        (flow.referenceTicks * (1 + randomBelow(flow, GAP_TENTH_BIPS_MAX))) / TENTH_BIPS_PER_ONE,
      );
      ticks += side === 'BUY' ? -gap : gap;
      const lots = drawLots(market, flow, ticks, QUOTE_NOTIONALS_MAX);
      submit(state, market, maker, side, lots, ticks, at);
    }
  }
}

function takeSome(state: ExchangeState, market: Market, flow: FlowState, taker: number, at: number): void {
  const side = randomBelow(flow, 2) === 0 ? 'BUY' : 'SELL';
  submit(state, market, taker, side, drawLots(market, flow, market.lastTicks, TAKE_NOTIONALS_MAX), 0, at);
}

/** A quantity worth between one and `notionalsMax` times twice the least notional. */
function drawLots(market: Market, flow: FlowState, ticks: number, notionalsMax: number): number {
  const leastUnits = 2n * market.rules.minNotionalUnits * BigInt(1 + randomBelow(flow, notionalsMax));
  return Number(leastUnits / (BigInt(ticks) * market.unitsPerTickLot)) + 1;
}

/** Places one order of a background account, with fresh funds from outside whenever it lacks them. */
function submit(
  state: ExchangeState,
  market: Market,
  accountId: number,
  side: Side,
  lots: number,
  ticks: number,
  at: number,
): void {
  const account = state.account(accountId);
  const asset = side === 'BUY' ? market.spec.quoteAsset : market.spec.baseAsset;
  const neededUnits =
    side === 'BUY'
      ? BigInt(ticks || market.lastTicks * 2) * BigInt(lots) * market.unitsPerTickLot
      : quantityUnits(market, lots);
  if (account.balance(asset).free < neededUnits) {
    state.transfer(state.account(OUTSIDE_ACCOUNT), account, asset, neededUnits * 100n);
  }
  const request: OrderRequest = {
    account: accountId,
    symbol: market.spec.symbol,
    clientOrderId: `flow-${state.nextOrderId}`,
    side,
    type: ticks === 0 ? 'MARKET' : 'LIMIT',
    timeInForce: 'GTC',
    quantityUnits: quantityUnits(market, lots),
    quoteOrderUnits: 0n,
    priceUnits: priceUnits(market, ticks),
    stopPriceUnits: 0n,
    trailingBips: 0,
    selfTradePrevention: 'EXPIRE_MAKER',
  };
  // A refusal (a filter, a halted market) only means that the scenery has one quote less.
  placeOrder(state, request, at);
}
