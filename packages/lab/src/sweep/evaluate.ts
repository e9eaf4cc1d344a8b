import {
  ConditionSeries,
  type RecordedSignal,
  runBacktest,
  runDcaShortcuts,
  type ShortcutResult,
} from '@counterfoil/engine';
import type { Price } from '@counterfoil/vocabulary';
import { botFromFlags, type PreparedBot } from '../commands/bots.ts';
import { Flags } from '../commands/flags.ts';
import { type LabSession, sessionFromFlags } from '../commands/session.ts';
import type { ImportedCandles } from '../data/csv.ts';
import { measure } from '../report/measure.ts';
import type { Job, Outcome } from './message.ts';

const nothing = { profit: 0, profitRate: 0, drawdownRate: 0, deals: 0, fills: 0 };

/** Runs configurations over one set of candles; indicators and the pyramid are made once. */
export class Evaluator {
  readonly #flags: Flags;
  readonly #session: LabSession;
  readonly #conditions: ConditionSeries;
  readonly #signals: readonly RecordedSignal[];

  constructor(data: ImportedCandles, args: readonly string[], signals: readonly RecordedSignal[]) {
    this.#signals = signals;
    this.#flags = new Flags(args);
    this.#session = sessionFromFlags(this.#flags, data);
    this.#conditions = new ConditionSeries(this.#session.candles, this.#session.market);
  }

  get rows(): number {
    return this.#session.candles.length;
  }

  /** The outcomes in the order of the jobs. Bots that can take the shortcut take it together. */
  run(jobs: readonly Job[]): readonly Outcome[] {
    const { market, candles } = this.#session;
    const price = BigInt(candles.open[0] ?? 0) as Price; // whole price units of the market
    const bots = jobs.map((job) =>
      botFromFlags(this.#flags.with(job.settings), market, price, this.#session),
    );
    const plain = bots.flatMap(({ dca, refusals }) => (dca === null || refusals.length > 0 ? [] : [dca]));
    const ran = runDcaShortcuts({ ...this.#session, conditions: this.#conditions }, plain);
    const shortcuts = new Map(plain.map((dca, n) => [dca, ran[n] ?? null]));
    return jobs.map(({ index }, n) => {
      const bot = bots[n] as PreparedBot; // one was made for every job
      const [refusal] = bot.refusals;
      if (refusal !== undefined) return { ...nothing, index, refused: refusal.message };
      const shortcut = bot.dca === null ? null : shortcuts.get(bot.dca);
      return shortcut ? this.#outcomeOf(index, shortcut) : this.#runMachine(index, bot);
    });
  }

  #runMachine(index: number, bot: PreparedBot): Outcome {
    const { market, candles } = this.#session;
    const result = runBacktest({
      ...this.#session,
      ...bot,
      conditions: this.#conditions,
      signals: this.#signals,
      pace: 'jump',
    });
    const { profit, profitRate, drawdownRate, deals, fills } = measure(result, candles, market);
    return { index, profit, profitRate, drawdownRate, deals, fills, refused: null };
  }

  #outcomeOf(index: number, result: ShortcutResult): Outcome {
    const unit = 10 ** -this.#session.market.quoteScale;
    const gained = result.worthAtEnd - result.worthAtStart;
    return {
      index,
      profit: gained * unit,
      profitRate: gained / result.worthAtStart,
      drawdownRate: result.equity.drawdownRate,
      deals: result.profits.length,
      fills: result.fills,
      refused: null,
    };
  }
}
