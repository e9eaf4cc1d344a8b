import assert from 'node:assert/strict';
import { deserialize, serialize } from 'node:v8';
import type { Command, CommandOf, OrderRequest } from '../src/paper/core/commands.ts';
import { apply } from '../src/paper/core/exchange.ts';
import { randomBelow } from '../src/paper/core/random.ts';
import { restoreSnapshot, takeSnapshot, type Snapshot } from '../src/paper/core/snapshot.ts';
import { ExchangeState } from '../src/paper/core/state.ts';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { STILL_MARKET } from './_client.ts';
import { checkInvariants } from './_invariants.ts';
import { pick, randomOrder, type Choices } from './_random-orders.ts';
import { SimpleExchange, type TimePriority } from './_simple-exchange.ts';

const START_AT = 1_700_000_000_000;
const ONE = 100_000_000n;

/** An exchange with one market and five funded traders. */
export function openState(source: 'synthetic' | 'recorded'): { state: ExchangeState; accounts: number[] } {
  const state = new ExchangeState();
  const spec = source === 'synthetic' ? DEFAULT_MARKET : STILL_MARKET;
  apply(state, { kind: 'open-market', at: START_AT, spec, seed: 7 });
  const accounts = Array.from({ length: 5 }, (_, index) => {
    const opened = apply(state, { kind: 'open-account', at: START_AT, name: `trader ${index}` });
    assert(opened.ok);
    apply(state, {
      kind: 'deposit',
      at: START_AT,
      account: opened.value,
      asset: 'USDT',
      units: 2_000n * ONE,
    });
    apply(state, { kind: 'deposit', at: START_AT, account: opened.value, asset: 'BTC', units: ONE / 50n });
    return opened.value;
  });
  return { state, accounts };
}

/**
 * Runs random orders and cancels on the exchange and on the simple book, comparing after every one. With a
 * simple book that serves the newest first the two must part.
 */
export function compareWithSimpleBook(
  seed: number,
  operations: number,
  priority: TimePriority = 'oldest first',
): { readonly trailsFired: number; readonly listsWon: number } {
  const choices: Choices = { seed };
  const { state, accounts } = openState('recorded');
  const simple = new SimpleExchange(62_000n * ONE, priority);
  for (const account of accounts) {
    simple.add(account, 'USDT', 2_000n * ONE);
    simple.add(account, 'BTC', ONE / 50n);
  }
  for (let step = 0; step < operations; step++) {
    const at = START_AT + step;
    if (randomBelow(choices, 4) === 0 && simple.orders.length > 0) {
      const { id, request } = pick(choices, simple.orders);
      const order = { kind: 'id', orderId: id } as const;
      assert(apply(state, { kind: 'cancel', at, account: request.account, symbol: 'BTCUSDT', order }).ok);
      simple.cancel(id);
    } else if (randomBelow(choices, 8) === 0) {
      const list = randomList(choices, state, pick(choices, accounts), at, 20);
      const firstId = state.nextOrderId;
      if (apply(state, list).ok) simple.placeList(firstId, list);
    } else {
      const request = shifted(randomOrder(choices, accounts, true), wave(step));
      const placed = apply(state, { kind: 'place', at, order: request });
      if (placed.ok) simple.place(placed.value.order.id, request);
    }
    state.takeEvents();
    compare(state, simple, accounts, `seed ${seed}, step ${step}`);
  }
  checkInvariants(state);
  const orders = accounts.flatMap((id) => [...state.account(id).orders.values()]);
  const lists = accounts.flatMap((id) => [...state.account(id).lists.values()]);
  return {
    trailsFired: orders.filter((order) => order.trailingBips > 0 && order.isWorking).length,
    listsWon: lists.filter((list) => list.winnerId !== -1).length,
  };
}

/**
 * How far the orders of a step lie from 62,000: fifty steps above, fifty below, far enough apart that trailing
 * orders, which keep a distance of 62 and more, fire at the turn.
 */
function wave(step: number): bigint {
  return (step % 100 < 50 ? 50n : -50n) * ONE;
}

function compare(
  state: ExchangeState,
  simple: SimpleExchange,
  accounts: readonly number[],
  where: string,
): void {
  const market = state.market('BTCUSDT');
  assert.equal(BigInt(market.lastTicks) * market.rules.tickUnits, simple.last, `${where}: last price`);
  let open = 0;
  for (const id of accounts) {
    const account = state.account(id);
    open += account.open.size;
    for (const asset of ['USDT', 'BTC']) {
      const { free, locked } = account.balance(asset);
      assert.equal(
        free + locked,
        simple.totals.get(`${id} ${asset}`),
        `${where}: ${asset} of ${account.name}`,
      );
    }
  }
  assert.equal(open, simple.orders.length, `${where}: number of open orders`);
  for (const { id, request, remaining } of simple.orders) {
    const order = state.account(request.account).openOrder(id);
    assert(order !== undefined, `${where}: order ${id} is open`);
    assert.equal(BigInt(order.openLots) * market.rules.lotUnits, remaining, `${where}: rest of order ${id}`);
  }
}

/**
 * Every kind of command beside a live background flow. Now and then the exchange is restarted: from a snapshot
 * and, at the end, from the first command on. Both must give exactly the same exchange.
 */
export function runEverything(seed: number, operations: number): void {
  const choices: Choices = { seed };
  const opened = openState('synthetic');
  const { accounts } = opened;
  let { state } = opened;
  const beginning = serialize(takeSnapshot(state));
  const accepted: Command[] = [];
  for (let step = 0; step < operations; step++) {
    const command = randomCommand(choices, state, accounts, START_AT + step * 50);
    if (apply(state, command).ok) accepted.push(command);
    state.takeEvents();
    if (step % 50 === 0) checkInvariants(state);
    if (step % 2_500 === 0) state = restart(state);
  }
  checkInvariants(state);
  const replayed = restoreSnapshot(deserialize(beginning) as Snapshot);
  for (const command of accepted)
    assert(apply(replayed, command).ok, 'what was accepted once is accepted again');
  assert.deepEqual(takeSnapshot(replayed), takeSnapshot(state), 'a replay ends in the same state');
}

function restart(state: ExchangeState): ExchangeState {
  const restarted = restoreSnapshot(deserialize(serialize(takeSnapshot(state))) as Snapshot);
  assert.deepEqual(takeSnapshot(restarted), takeSnapshot(state), 'a restart ends in the same state');
  return restarted;
}

function randomCommand(
  choices: Choices,
  state: ExchangeState,
  accounts: readonly number[],
  at: number,
): Command {
  const symbol = 'BTCUSDT';
  const account = pick(choices, accounts);
  const dice = randomBelow(choices, 100);
  // The flow's own orders are refused while the market is halted; half of the halts end at once.
  if (dice < 2) return { kind: 'set-market-status', at, symbol, status: dice === 0 ? 'HALT' : 'TRADING' };
  if (dice < 3) {
    const minNotionalUnits = BigInt(5 + randomBelow(choices, 10)) * ONE;
    return { kind: 'change-rules', at, symbol, rules: { minNotionalUnits } };
  }
  if (dice < 5)
    return { kind: 'deposit', at, account, asset: pick(choices, ['USDT', 'BTC']), units: ONE / 100n };
  if (dice < 7) return { kind: 'cancel-all', at, account, symbol };
  if (dice < 15) return { kind: 'flow-step', at, symbol };
  if (dice < 30) {
    const ids = state
      .account(account)
      .open.values()
      .map(({ id }) => id);
    const orderId = ids.length === 0 ? 1 : pick(choices, ids);
    return { kind: 'cancel', at, account, symbol, order: { kind: 'id', orderId } };
  }
  if (dice < 40) return randomList(choices, state, account, at, 2_000);
  const order = atMarket(choices, state, randomOrder(choices, [account], true));
  return { kind: 'place', at, order, ...(dice < 50 ? { isCutShort: true } : {}) };
}

/** A list around the last price, close enough to be reached soon. */
function randomList(
  choices: Choices,
  state: ExchangeState,
  account: number,
  at: number,
  ticksAway: number,
): CommandOf<'place-list'> {
  const market = state.market('BTCUSDT');
  const base = {
    ...randomOrder(choices, [account], false),
    timeInForce: 'GTC' as const,
    quoteOrderUnits: 0n,
  };
  const quantityUnits = 10_000n + 1_000n * BigInt(randomBelow(choices, 400));
  const away = (direction: 1 | -1): bigint =>
    BigInt(market.lastTicks + direction * (1 + randomBelow(choices, ticksAway))) * market.rules.tickUnits;
  const isSell = base.side === 'SELL';
  const maker = {
    ...base,
    type: 'LIMIT_MAKER' as const,
    quantityUnits,
    priceUnits: away(isSell ? 1 : -1),
    stopPriceUnits: 0n,
  };
  const stop = {
    ...base,
    clientOrderId: `${base.clientOrderId}-stop`,
    type: 'STOP_LOSS' as const,
    quantityUnits,
    priceUnits: 0n,
    stopPriceUnits: away(isSell ? -1 : 1),
  };
  const [above, below] = isSell ? [maker, stop] : [stop, maker];
  return {
    kind: 'place-list',
    at,
    account,
    symbol: 'BTCUSDT',
    clientListId: `l-${base.clientOrderId}`,
    above,
    below,
  };
}

/** Moves an order's prices from around 62,000 to around where the flow has taken the market. */
function atMarket(choices: Choices, state: ExchangeState, order: OrderRequest): OrderRequest {
  const market = state.market('BTCUSDT');
  const shift = BigInt(market.lastTicks) * market.rules.tickUnits - 62_000n * ONE;
  const spread = BigInt(randomBelow(choices, 1_000) - 500) * market.rules.tickUnits;
  return shifted(order, shift + spread);
}

function shifted(order: OrderRequest, units: bigint): OrderRequest {
  return {
    ...order,
    priceUnits: order.priceUnits === 0n ? 0n : order.priceUnits + units,
    stopPriceUnits: order.stopPriceUnits === 0n ? 0n : order.stopPriceUnits + units,
  };
}
