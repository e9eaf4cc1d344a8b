/** What the machines do when their venue makes its steps of price and quantity coarser while they run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Market, Price, Quantity } from '@counterfoil/vocabulary';
import { slice } from '../src/candles/candles.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { gridMachine } from '../src/machines/grid/machine.ts';
import type { Machine } from '../src/machines/machine.ts';
import { smartTradeMachine } from '../src/machines/smart-trade/machine.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { plainDca } from './_dca.ts';
import { dcaTrial, run, type Trial, WINDOW } from './_equality.ts';
import { plainGrid } from './_grid.ts';
import { Hand } from './_hand.ts';
import { assertConserved, checked } from './_invariants.ts';
import { btc, coins, dollars, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomModel } from './_random-dca.ts';
import { randomGrid } from './_random-grid.ts';
import { randomSmartTrade } from './_random-smart-trade.ts';

const TRIALS = 60;
/** Prices to a whole dollar, quantities to 0.0001. */
const coarse: Market = { ...btc, tick: 100n as Price, lot: 10_000n as Quantity };

type Moving<Options> = (options: Options, market: Market) => Options;
const moveDca: Moving<ReturnType<typeof plainDca>> = (options, market) => ({ ...options, markets: [market] });
const moveOne = <Options extends { readonly market: Market }>(options: Options, market: Market): Options => ({
  ...options,
  market,
});

/** The machine on a market that a test can change; `placed` counts what it asked for since. */
function following<Options, State, Command>(
  machine: Machine<Options, State, Command>,
  move: Moving<Options>,
  marketAt: (step: number) => Market,
) {
  let steps = 0;
  let coarsePlaced = 0;
  const strict = checked(machine, coarse);
  const moving: Machine<Options, State, Command> = {
    begin: machine.begin,
    step: (options, state, event) => {
      const market = marketAt(steps++);
      if (market === btc) return machine.step(options, state, event);
      const step = strict.step(move(options, market), state, event);
      coarsePlaced += step.intents.filter(({ kind }) => kind === 'place').length;
      return step;
    },
  };
  return { machine: moving, coarsePlaced: () => coarsePlaced };
}

/** Runs trials whose market becomes coarser after some steps; returns how many orders were placed after that. */
function orders<Options, State, Command>(
  trialOf: (seed: number) => Trial<Options, State, Command>,
  move: Moving<Options>,
): number {
  let placed = 0;
  for (let seed = 1; seed <= TRIALS; seed++) {
    const trial = trialOf(seed);
    const { machine, coarsePlaced } = following(trial.machine, move, (step) =>
      step > seed % 4 ? coarse : btc,
    );
    assertConserved(run({ ...trial, machine }, 'jump'), btc, usdt(10_000), trial.base);
    placed += coarsePlaced();
  }
  return placed;
}

test('whatever is placed after steps became coarser is on them, for every machine and random options', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const all = readCandles(BTC, 2, 8);
  const window = (seed: number) => {
    const dice = new Dice(xorshift(seed * 2_654_435_761));
    const from = dice.whole(0, all.length - WINDOW - 1);
    return { dice, candles: slice(all, from, from + WINDOW) };
  };
  const dca = orders((seed) => dcaTrial(all, 70_000 + seed).trial, moveDca);
  const grid = orders((seed) => {
    const { dice, candles } = window(seed);
    const options = randomGrid(dice, candles);
    return { machine: gridMachine, options, candles, model: randomModel(dice), base: coins(1) };
  }, moveOne);
  const smartTrade = orders((seed) => {
    const { dice, candles } = window(seed);
    const options = randomSmartTrade(dice, candles);
    return { machine: smartTradeMachine, options, candles, model: randomModel(dice), base: coins(2) };
  }, moveOne);
  t.diagnostic(`orders on the coarser steps: DCA ${dca}, grid ${grid}, SmartTrade ${smartTrade}`);
  assert.ok(dca > 500 && grid > 500 && smartTrade > 50);
});

test('an exit that rests off the new steps stays, and the next one is on them', () => {
  let market = btc;
  const { machine } = following(dcaMachine, moveDca, () => market);
  const hand = new Hand(machine, plainDca(), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.fill('base', dollars(1_000));
  const [resting, { price }] = hand.order('tp1');
  assert.equal(price, dollars(1_010));
  hand.fill('avg1');
  const [second, { price: lower }] = hand.order('tp1');
  assert.notEqual(second, resting);
  assert.ok(lower !== null && lower % coarse.tick !== 0n, 'the average of 1,000 and 990 and 1 %');
  market = coarse;
  hand.tell({ kind: 'fundsChanged', market: 0, atMs: 1, quote: usdt(1_000), base: coins(0) });
  assert.equal(hand.order('tp1')[0], second, 'the exit rests as it was placed');
  hand.fill('avg2');
  const [third, { price: next }] = hand.order('tp1');
  assert.notEqual(third, second);
  assert.equal((next ?? 1n) % coarse.tick, 0n);
});

test('without the new steps the same bot asks for an exit that its venue refuses', () => {
  const hand = new Hand(dcaMachine, plainDca(), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  hand.fill('base', dollars(1_000));
  hand.fill('avg1');
  hand.fill('avg2');
  assert.notEqual((hand.order('tp1')[1].price ?? 0n) % coarse.tick, 0n);
});

test('lines and prices that an owner wrote down under finer steps are held to the coarser ones', () => {
  let market = btc;
  const lines = following(gridMachine, moveOne, () => market);
  const options = plainGrid({ lower: dollars(900.5), upper: dollars(1_100.5), balanceAtStart: false });
  const grid = new Hand(lines.machine, options, dollars(1_000));
  const before = grid.roles();
  market = coarse;
  grid.fill('c1b');
  const [, sell] = grid.order('c1s');
  assert.equal(sell.price, dollars(1_001), 'the line of 1,000.50, not cheaper');
  assert.deepEqual(
    before.filter((role) => role !== 'c1b').every((role) => grid.roles().includes(role)),
    true,
    'what rests stays',
  );
});
