import assert from 'node:assert/strict';
import { Account } from './account.ts';
import { cancelAll, cancelOrder } from './cancel.ts';
import type { CommandKind, CommandOf, Results } from './commands.ts';
import { feedBook, feedTrade } from './feed.ts';
import { startFlow, stepFlow } from './flow.ts';
import { openMarket, type Market } from './market.ts';
import { placeList } from './place-list.ts';
import { placeOrder } from './place.ts';
import { accepted, refusals, refused, type Outcome } from './refusals.ts';
import { ExchangeState, OUTSIDE_ACCOUNT } from './state.ts';

type Handlers = {
  readonly [K in CommandKind]: (state: ExchangeState, command: CommandOf<K>) => Outcome<Results[K]>;
};

/**
 * Applies one command. Pure but for `state`: no clock, no randomness, no I/O. A refused command leaves the
 * state as it was, so only accepted ones are journalled.
 */
export function apply<K extends CommandKind>(
  state: ExchangeState,
  command: CommandOf<K>,
): Outcome<Results[K]> {
  assert(command.at >= state.lastAt, 'the exchange never goes back in time');
  const handler: Handlers[K] = handlers[command.kind];
  const outcome = handler(state, command);
  if (outcome.ok) state.lastAt = command.at;
  return outcome;
}

const handlers: Handlers = {
  'open-market': (state, { at, spec, seed }) => {
    assert(!state.markets.has(spec.symbol), `market ${spec.symbol} is opened once`);
    const market = openMarket(spec);
    state.markets.set(spec.symbol, market);
    if (spec.source === 'synthetic') startFlow(state, market, seed, at);
    return accepted(null);
  },
  'set-market-status': (state, { symbol, status }) => {
    const market = state.markets.get(symbol);
    if (market === undefined) return refused(refusals.badSymbol);
    market.status = status;
    return accepted(null);
  },
  'change-rules': (state, { symbol, rules }) => {
    const market = state.markets.get(symbol);
    if (market === undefined) return refused(refusals.badSymbol);
    market.rules = { ...market.rules, ...rules };
    return accepted(null);
  },
  'open-account': (state, { at, name }) => {
    const account = new Account(state.nextAccountId, name, 'user', at);
    state.nextAccountId += 1;
    state.accounts.set(account.id, account);
    return accepted(account.id);
  },
  deposit: (state, { at, account: id, asset, units }) => {
    const account = state.account(id);
    state.transfer(state.account(OUTSIDE_ACCOUNT), account, asset, units);
    account.updatedAt = at;
    state.emit({ kind: 'deposit', account: id, at, asset, units });
    state.touch(account, asset);
    return accepted(null);
  },
  'put-key': (state, { key }) => {
    state.keys.set(key.id, key);
    return accepted(null);
  },
  place: (state, { at, order, isCutShort }) => placeOrder(state, order, at, isCutShort),
  'place-list': (state, command) => placeList(state, command),
  cancel: (state, { at, account, symbol, order }) => cancelOrder(state, account, symbol, order, at),
  'cancel-all': (state, { at, account, symbol }) => cancelAll(state, account, symbol, at),
  'feed-trade': (state, command) => {
    const market = fedMarket(state, command.symbol, command.recordedAt);
    if (market.status === 'TRADING') feedTrade(state, market, command);
    return accepted(null);
  },
  'feed-book': (state, command) => {
    const market = fedMarket(state, command.symbol, command.recordedAt);
    if (market.status === 'TRADING') feedBook(state, market, command);
    return accepted(null);
  },
  'start-scenario': (state, { symbol, scenario }) => {
    const flow = state.flows.get(symbol);
    if (flow === undefined) return refused(refusals.badSymbol);
    flow.scenario = scenario;
    flow.scenarioSteps = 0;
    flow.scenarioTicks = flow.referenceTicks;
    return accepted(null);
  },
  'flow-step': (state, { at, symbol }) => {
    const flow = state.flows.get(symbol);
    assert(flow !== undefined, `${symbol} has a background flow`);
    stepFlow(state, state.market(symbol), flow, at);
    return accepted(null);
  },
};

/** A market that lives on what happens outside, now as far as `recordedAt`; also while it is halted. */
function fedMarket(state: ExchangeState, symbol: string, recordedAt: number): Market {
  const market = state.market(symbol);
  assert(market.spec.source !== 'synthetic', 'a synthetic market has prices of its own');
  market.fedUntil = recordedAt;
  return market;
}
