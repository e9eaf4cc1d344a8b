import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { dcaTrial, run } from './_equality.ts';
import { assertConserved, assertNoDoubleClose, checked, restarting } from './_invariants.ts';
import { btc, usdt } from './_markets.ts';

const SEEDS = 60;
const candles = dataReason === undefined ? readCandles(BTC, 2, 8) : undefined;

test('money is conserved, no deal closes twice, no order is below the filters', (t) => {
  if (candles === undefined) return t.skip('data folder absent');
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { trial } = dcaTrial(candles, 50_000 + seed);
    const result = run({ ...trial, machine: checked(trial.machine, btc) }, 'jump');
    assertConserved(result, btc, usdt(10_000), trial.base);
    const grows = trial.options.direction === 'short' && trial.options.profitCurrency === 'base';
    // A fee in base makes a short buy back a little more than it sold.
    const feeInBase = trial.options.direction === 'short' && trial.model.feeIn === 'received';
    if (!grows && !feeInBase) assertNoDoubleClose(result.fills, trial.options.direction);
  }
});

test('a bot restarted after every step does what it would have done', (t) => {
  if (candles === undefined) return t.skip('data folder absent');
  for (let seed = 1; seed <= 20; seed++) {
    const { trial } = dcaTrial(candles, 60_000 + seed);
    // A restarted bot gets its conditions anew, so those of a copy are compared by what they say.
    const once = run(trial, 'every-candle');
    const again = run({ ...trial, machine: restarting(trial.machine) }, 'every-candle');
    assert.deepEqual(again.fills, once.fills, `seed ${seed}`);
    assert.deepEqual(again.notes, once.notes, `seed ${seed}`);
  }
});

test('the checks find a machine that sells twice, one that loses money and one that ignores lots', (t) => {
  if (candles === undefined) return t.skip('data folder absent');
  const { trial } = dcaTrial(candles, 50_002);
  const result = run(trial, 'jump');
  assert.ok(result.fills.length > 0);
  const exit = result.fills.findLast(
    (one) => (one.fill.side === 'sell') === (trial.options.direction === 'long'),
  );
  assert.ok(exit !== undefined, 'the bot never left a position');
  const twice = [...result.fills, exit, exit, exit, exit, exit, exit, exit, exit];
  assert.throws(() => assertNoDoubleClose(twice, trial.options.direction), /closes/);
  assert.throws(() =>
    assertConserved({ ...result, fills: result.fills.slice(1) }, btc, usdt(10_000), trial.base),
  );
  const offLot: typeof trial.machine = {
    ...trial.machine,
    step: (options, state, event) => {
      const step = trial.machine.step(options, state, event);
      const intents = step.intents.map((intent) =>
        intent.kind === 'place' && intent.request.sizing.by === 'base'
          ? {
              ...intent,
              request: {
                ...intent.request,
                sizing: { by: 'base' as const, quantity: (intent.request.sizing.quantity + 1n) as never },
              },
            }
          : intent,
      );
      return { ...step, intents };
    },
  };
  assert.throws(() => run({ ...trial, machine: checked(offLot, btc) }, 'jump'), /off the lot/);
});
