import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { loadCandles } from '../data/load.ts';
import { loadSignals } from '../data/signals.ts';
import { LabError } from '../errors.ts';
import { heatMap } from '../report/heat-map.ts';
import { amount, count, money, percent } from '../report/words.ts';
import { Evaluator } from '../sweep/evaluate.ts';
import { SweepJournal } from '../sweep/journal.ts';
import type { Outcome } from '../sweep/message.ts';
import { type Neighbourhood, neighbourhoodOf } from '../sweep/neighbourhood.ts';
import { type Axis, axisFrom, planOf, settingsOf, sizeOf } from '../sweep/space.ts';
import { runSweep } from '../sweep/sweep.ts';
import { Flags } from './flags.ts';
import type { CommandIo } from './io.ts';
import { Progress } from './progress.ts';

/** Configurations listed at the end. */
const SHOWN = 10;
/** Flags of the sweep itself; the others make the bot. */
const OWN = ['data', 'signals', 'random', 'seed', 'workers', 'state', 'json'];

/**
 * `counterfoil optimise --bot dca --data FILE --deviation 0.5..3/0.25 …`: runs every configuration of the ranges
 * (or `--random COUNT` of them), best first. With `--state FILE` a stopped sweep goes on where it was.
 */
export async function runOptimiseCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = new Flags(args);
  const path = flags.required('data', 'candles.csv.gz');
  const random = flags.text('random') === null ? null : flags.whole('random', 0);
  const seed = flags.whole('seed', 1);
  const workers = flags.whole('workers', availableParallelism());
  const [state, json] = [flags.text('state'), flags.text('json')];
  const { axes, fixed } = split(flags);
  const progress = new Progress(io);
  const data = await loadCandles(path, (share) => progress.show(share, 'reading the candles'));
  const alerts = flags.text('signals');
  const signals = alerts === null ? [] : await loadSignals(alerts);
  const evaluator = new Evaluator(data, fixed, signals);
  // One run here finds what no configuration could mend, before threads start.
  const plan = planOf(axes, random, seed);
  const [first = 0] = plan;
  const outcomes = new Map<number, Outcome>();
  const begun = io.nowMs();
  keep(outcomes, evaluator.run([{ index: first, settings: settingsOf(axes, first) }]));
  const sweepName = [
    path,
    String(data.columns.openedAtS.length),
    JSON.stringify(signals),
    ...fixed,
    ...axes.flatMap((axis) => [axis.name, ...axis.values]),
  ];
  const opened = state === null ? null : await SweepJournal.open(state, sweepName);
  if (opened !== null) keep(outcomes, opened.done);
  const resumed = outcomes.size;
  const complete = await runSweep({
    data: { ...data, args: fixed, signals },
    axes,
    plan: plan.filter((index) => !outcomes.has(index)),
    workers,
    signal: io.signal,
    onOutcomes: (batch) => {
      keep(outcomes, batch);
      opened?.journal.add(batch);
      const rate = outcomes.size / Math.max(0.001, (io.nowMs() - begun) / 1_000);
      progress.show(outcomes.size / plan.length, `${outcomes.size}/${plan.length}, ${rate.toFixed(0)}/s`);
    },
  });
  await opened?.journal.close();
  progress.clear();
  const seconds = (io.nowMs() - begun) / 1_000;
  const ran = outcomes.size - resumed + 1;
  io.write(
    summary(axes, outcomes, {
      complete,
      planned: plan.length,
      ran,
      seconds,
      rows: evaluator.rows,
      columns: io.columns,
      rounds: flags.text('bot') === 'grid' ? 'trips' : 'deals',
    }),
  );
  if (json !== null) await writeFile(json, jsonOf(axes, outcomes));
  if (!complete)
    throw new LabError(
      'cancelled',
      `Stopped after ${outcomes.size} of ${plan.length} configurations${state === null ? '; use --state FILE to be able to go on' : `; run the same command to go on from ${state}`}.`,
    );
  return 0;
}

function split(flags: Flags): { axes: readonly Axis[]; fixed: readonly string[] } {
  const axes: Axis[] = [];
  const fixed: string[] = [];
  for (const [name, text] of flags.entries) {
    if (OWN.includes(name)) continue;
    const axis = axisFrom(name, text);
    if (axis === null) fixed.push(`--${name}`, text);
    else axes.push(axis);
  }
  if (axes.length === 0)
    throw new LabError(
      'bad-flag',
      'Nothing varies; give at least one flag as a range, such as --deviation 0.5..3/0.25.',
    );
  return { axes, fixed };
}

function keep(outcomes: Map<number, Outcome>, batch: readonly Outcome[]): void {
  for (const outcome of batch) outcomes.set(outcome.index, outcome);
}

interface Facts {
  readonly complete: boolean;
  readonly planned: number;
  readonly ran: number;
  readonly seconds: number;
  readonly rows: number;
  readonly columns: number;
  /** What the bot closes. */
  readonly rounds: 'deals' | 'trips';
}

function summary(axes: readonly Axis[], outcomes: ReadonlyMap<number, Outcome>, facts: Facts): string {
  const ranked = [...outcomes.values()]
    .filter((one) => one.refused === null)
    .toSorted((a, b) => b.profit - a.profit);
  const refused = outcomes.size - ranked.length;
  const names = axes.map((axis) => axis.name);
  const lines = [
    '',
    `${count(outcomes.size)} of ${count(facts.planned)} configurations (${count(sizeOf(axes))} possible, ${count(refused)} cannot work)`,
    `${count(facts.ran)} run in ${facts.seconds.toFixed(2)} s: ${amount((facts.ran * facts.rows) / facts.seconds / 1e6, 'million candle-configurations/s')}`,
    '',
    ...ranked.slice(0, SHOWN).map((one) => {
      const settings = [...settingsOf(axes, one.index).values()]
        .map((value, n) => `${names[n]} ${value}`)
        .join(', ');
      return `  ${money(one.profit, '').padStart(14)} ${percent(one.profitRate).padStart(10)}  drawdown ${percent(-one.drawdownRate)}  ${count(one.deals)} ${facts.rounds}  ${settings}`;
    }),
  ];
  const around = neighbourhoodOf(axes, outcomes);
  if (around !== null)
    lines.push(
      '',
      ...heatMap(axes, outcomes, around.best).map((line) => `  ${line}`),
      '',
      ...verdict(around),
    );
  return `${lines.join('\n')}\n`;
}

function verdict({ best, neighbours, median, isOutlier }: Neighbourhood): readonly string[] {
  const lines = [
    `The best of many is chosen with hindsight: expect less than ${money(best.profit, '').trim()} from it.`,
  ];
  if (median === null)
    return [...lines, 'None of its neighbours ran, so nothing says whether it is an accident.'];
  lines.push(`Its ${neighbours} neighbours have a median of ${money(median, '').trim()}.`);
  if (isOutlier) lines.push('They do not share its success: it is probably an accident of this data.');
  return lines;
}

function jsonOf(axes: readonly Axis[], outcomes: ReadonlyMap<number, Outcome>): string {
  const rows = [...outcomes.values()]
    .toSorted((a, b) => a.index - b.index)
    .map((outcome) => ({ ...Object.fromEntries(settingsOf(axes, outcome.index)), ...outcome }));
  return `${JSON.stringify({ axes, outcomes: rows }, null, 1)}\n`;
}
