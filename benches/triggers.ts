// The trigger book beside a loop over every waiting bot, on the same walk of prices.
// Run: node benches/triggers.ts [--quick]
import { TriggerBook } from '../packages/engine/src/triggers/trigger-book.ts';
import type { Trigger } from '../packages/engine/src/triggers/trigger.ts';
import { riseThreshold, trailThreshold } from '../packages/engine/src/triggers/trail.ts';

const quick = process.argv.includes('--quick');
const REPEATS = quick ? 3 : 7;
const START = 5_000_000;
/** Keeps what `armBots` built reachable until its memory has been measured. */
let kept: TriggerBook | undefined;

const quietNs: Record<number, number> = {};
const rows: string[][] = [];
for (const waiting of [1_000, 100_000, 1_000_000]) {
  const book = new TriggerBook();
  const grown = heapGrowth(() => armLevels(book, waiting, 0.02));
  const ticks = quietWalk(quick ? 2_000_000 : 10_000_000);
  quietNs[waiting] =
    median(() => {
      for (const price of ticks)
        if (book.tell('price', price).length > 0) throw new Error('a quiet tick fired');
    }) / ticks.length;
  rows.push([
    `levels, nothing fires, ${waiting} waiting`,
    `${quietNs[waiting].toFixed(1)} ns/tick`,
    `${(grown / waiting).toFixed(0)} B/bot`,
  ]);
}

const busy = busyWalk(quick ? 50_000 : 200_000);
const busyNs = median(() => runBusy(100_000, busy)) / busy.length;
rows.push(['levels, fired ones re-armed, 100000 waiting', `${busyNs.toFixed(1)} ns/tick`, '']);

const naiveTicks = busy.subarray(0, quick ? 60 : 300);
const naiveNs = median(() => runNaive(100_000, naiveTicks)) / naiveTicks.length;
rows.push(['loop over 100000 bot objects, same walk', `${naiveNs.toFixed(0)} ns/tick`, '']);

const trailNs = median(() => runTrails(100_000, busy)) / busy.length;
rows.push(['trails, fired ones re-armed, 100000 waiting', `${trailNs.toFixed(1)} ns/tick`, '']);

const bytesPerBot = heapGrowth(() => armBots(1_000_000)) / 1_000_000;
rows.push(['a level, a trail and a time per bot, 1000000 bots', '', `${bytesPerBot.toFixed(0)} B/bot`]);

for (const [what = '', speed = '', memory = ''] of rows)
  console.log(what.padEnd(52), speed.padStart(16), memory.padStart(12));
console.log(
  JSON.stringify({
    ns_per_tick_1e3: round(quietNs[1_000]),
    ns_per_tick_1e5: round(quietNs[100_000]),
    ns_per_tick_1e6: round(quietNs[1_000_000]),
    busy_ns_1e5: round(busyNs),
    trail_ns_1e5: round(trailNs),
    naive_ratio_1e5: round(naiveNs / busyNs),
    growth_1e3_to_1e6: round((quietNs[1_000_000] ?? 0) / (quietNs[1_000] ?? 1)),
    bytes_per_bot: round(bytesPerBot),
  }),
);

/** Half above and half below the start price, none nearer than `gap`. */
function armLevels(book: TriggerBook, count: number, gap: number): void {
  const random = generator(7);
  for (let i = 0; i < count; i++) book.arm(levelTrigger(START, gap, random));
}

function levelTrigger(price: number, gap: number, random: () => number): Trigger {
  const distance = gap + random() * 0.2;
  return random() < 0.5
    ? {
        kind: 'series',
        series: 'price',
        condition: { kind: 'at-or-above', level: Math.round(price * (1 + distance)) },
      }
    : {
        kind: 'series',
        series: 'price',
        condition: { kind: 'at-or-below', level: Math.round(price * (1 - distance)) },
      };
}

function runBusy(count: number, ticks: Float64Array): () => void {
  const book = new TriggerBook();
  const random = generator(7);
  for (let i = 0; i < count; i++) book.arm(levelTrigger(START, 0.001, random));
  return () => {
    for (const price of ticks) {
      for (const _ of book.tell('price', price)) book.arm(levelTrigger(price, 0.001, random));
    }
  };
}

function runTrails(count: number, ticks: Float64Array): () => void {
  const book = new TriggerBook();
  const random = generator(9);
  const arm = (price: number): void => {
    const kind = random() < 0.5 ? 'trail-below-peak' : 'trail-above-trough';
    const distancePpm = 1_000 + Math.floor(random() * 100_000);
    book.arm({ kind: 'series', series: 'price', condition: { kind, from: price, distancePpm } });
  };
  for (let i = 0; i < count; i++) arm(START);
  return () => {
    for (const price of ticks) for (const _ of book.tell('price', price)) arm(price);
  };
}

/** What a bot that looks at every tick itself does: one object per bot, one test per tick. */
function runNaive(count: number, ticks: Float64Array): () => void {
  const random = generator(7);
  const bots = Array.from({ length: count }, () => ({
    trigger: levelTrigger(START, 0.001, random),
    extreme: START,
    fires: 0,
  }));
  return () => {
    for (const price of ticks) {
      for (const bot of bots) {
        if (bot.trigger.kind !== 'series' || !isMet(bot.trigger.condition, price, bot)) continue;
        bot.fires++;
        bot.trigger = levelTrigger(price, 0.001, random);
      }
    }
  };
}

function isMet(
  condition: Extract<Trigger, { kind: 'series' }>['condition'],
  price: number,
  bot: { extreme: number },
): boolean {
  switch (condition.kind) {
    case 'at-or-above':
    case 'cross-up':
      return price >= condition.level;
    case 'at-or-below':
    case 'cross-down':
      return price <= condition.level;
    case 'trail-below-peak':
      bot.extreme = Math.max(bot.extreme, price);
      return price <= trailThreshold(bot.extreme, condition.distancePpm);
    case 'trail-above-trough':
      bot.extreme = Math.min(bot.extreme, price);
      return price >= riseThreshold(bot.extreme, condition.distancePpm);
  }
}

function armBots(count: number): void {
  kept = new TriggerBook();
  const random = generator(11);
  for (let i = 0; i < count; i++) {
    kept.arm(levelTrigger(START, 0.001, random));
    kept.arm({
      kind: 'series',
      series: 'price',
      condition: { kind: 'trail-below-peak', from: START + (i % 1_000), distancePpm: 1_000 + (i % 50_000) },
    });
    kept.arm({ kind: 'time', at: i });
  }
}

/** Bytes by which the heap and the buffers grew, garbage collected when the runtime allows it. */
function heapGrowth(work: () => void): number {
  const before = residentBytes();
  work();
  return Math.max(residentBytes() - before, 0);
}

function residentBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function quietWalk(length: number): Float64Array {
  const random = generator(3);
  return Float64Array.from({ length }, () => START + Math.floor((random() - 0.5) * 20_000));
}

function busyWalk(length: number): Float64Array {
  const random = generator(5);
  let price = START;
  return Float64Array.from({ length }, () => (price = Math.round(price * (1 + (random() - 0.5) * 0.0004))));
}

/** Median wall time in ns of one run; `prepare` may return the part that is measured. */
function median(prepare: () => void | (() => void)): number {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const begun = process.hrtime.bigint();
    const measured = prepare();
    if (measured === undefined) {
      times.push(Number(process.hrtime.bigint() - begun));
      continue;
    }
    const from = process.hrtime.bigint();
    measured();
    times.push(Number(process.hrtime.bigint() - from));
  }
  return times.toSorted((a, b) => a - b)[REPEATS >> 1] ?? Number.NaN;
}

function generator(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4_294_967_296;
  };
}

function round(value: number | undefined): number {
  return Math.round((value ?? Number.NaN) * 100) / 100;
}
