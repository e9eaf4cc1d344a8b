import assert from 'node:assert/strict';
import { type Amount, checkFilters, type Market, type Quantity } from '@counterfoil/vocabulary';
import type { BacktestResult, OrderFill } from '../src/backtest/run.ts';
import type { Machine } from '../src/machines/machine.ts';

/** Quote and base after a run are what there was plus what the fills say, to the last unit. */
export function assertConserved(
  result: BacktestResult<unknown>,
  market: Market,
  quote: Amount,
  base: Quantity,
): void {
  let quoteLeft: bigint = quote;
  let baseLeft: bigint = base;
  for (const { fill } of result.fills) {
    const sign = fill.side === 'buy' ? 1n : -1n;
    quoteLeft -= sign * fill.amount;
    baseLeft += sign * fill.quantity;
    if (fill.feeAsset === market.quote) quoteLeft -= fill.fee;
    if (fill.feeAsset === market.base) baseLeft -= fill.fee;
  }
  assert.equal(result.quote, quoteLeft, 'quote');
  assert.equal(result.base, baseLeft, 'base');
}

/** No deal sells more than it bought (or buys back more than it sold, but for profit in base). */
export function assertNoDoubleClose(fills: readonly OrderFill[], direction: 'long' | 'short'): void {
  const held = new Map<string, bigint>();
  for (const { order, fill } of fills) {
    const deal = order.slice(0, order.indexOf('-'));
    const enters = (fill.side === 'buy') === (direction === 'long');
    const now = (held.get(deal) ?? 0n) + (enters ? 1n : -1n) * fill.quantity;
    assert.ok(now >= 0n, `${order} closes ${-now} more than deal ${deal} has open`);
    held.set(deal, now);
  }
}

/** Fails when the machine asks for an order that the venue's filters refuse or uses a name twice. */
export function checked<Options, State, Command>(
  machine: Machine<Options, State, Command>,
  market: Market,
): Machine<Options, State, Command> {
  const names = new Set<string>();
  return {
    begin: machine.begin,
    step: (options, state, event) => {
      const step = machine.step(options, state, event);
      for (const intent of step.intents) {
        if (intent.kind !== 'place') continue;
        assert.ok(!names.has(intent.order), `${intent.order} is used twice`);
        names.add(intent.order);
        const { sizing, price } = intent.request;
        assert.ok(
          sizing.by === 'base' && sizing.quantity % market.lot === 0n,
          `${intent.order} is off the lot`,
        );
        if (price === null) continue;
        assert.equal(
          checkFilters(market, price, sizing.quantity, 'limit'),
          null,
          `${intent.order} breaks a filter`,
        );
      }
      return step;
    },
  };
}

/** Forgets everything but its state between steps, as a process does that dies after each journal entry. */
export function restarting<Options, State, Command>(
  machine: Machine<Options, State, Command>,
): Machine<Options, State, Command> {
  return {
    begin: machine.begin,
    step: (options, state, event) => machine.step(structuredClone(options), structuredClone(state), event),
  };
}
