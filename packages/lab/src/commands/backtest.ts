import { writeFile } from 'node:fs/promises';
import type { Price } from '@counterfoil/vocabulary';
import { loadCandles } from '../data/load.ts';
import { loadSignals } from '../data/signals.ts';
import { LabError } from '../errors.ts';
import { htmlReport } from '../report/html.ts';
import { jsonReport } from '../report/json.ts';
import { makeReport } from '../report/report.ts';
import { terminalReport } from '../report/terminal.ts';
import { botFromFlags, type PreparedBot } from './bots.ts';
import { Flags } from './flags.ts';
import type { CommandIo } from './io.ts';
import { Progress } from './progress.ts';
import { sessionFromFlags } from './session.ts';

/** Flags that name files; the others are the settings that a report repeats. */
const FILES = ['data', 'json', 'html', 'signals'];

/**
 * `counterfoil backtest --bot dca --data FILE …`: runs one bot over a file of candles and reports.
 * Returns the exit code; throws `LabError` for what the user can mend.
 */
export async function runBacktestCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = new Flags(args);
  const path = flags.required('data', 'candles.csv.gz');
  const [json, html] = [flags.text('json'), flags.text('html')];
  const alerts = flags.text('signals');
  const progress = new Progress(io);
  const data = await loadCandles(path, (share) => progress.show(share, 'reading the candles'));
  const signals = alerts === null ? [] : await loadSignals(alerts);
  const session = sessionFromFlags(flags, data);
  const price = BigInt(session.candles.open[0] ?? 0) as Price; // whole price units of the market
  const bot = botFromFlags(flags, session.market, price, session);
  flags.finish();
  refuseImpossible(bot);
  progress.show(1, 'running the bot');
  const report = makeReport({
    ...session,
    bot: bot.name,
    source: path,
    settings: flags.effective.filter(([name]) => !FILES.includes(name)),
    machine: bot.machine,
    options: bot.options,
    signals,
    roundedVolumes: data.roundedVolumes,
    isTrades: data.isTrades,
    nowMs: () => io.nowMs(),
  });
  progress.clear();
  io.write(terminalReport(report, io.columns));
  if (json !== null) await writeFile(json, jsonReport(report));
  if (html !== null) await writeFile(html, htmlReport(report));
  return 0;
}

/** Impossible options end a run before it begins, with every reason at once. */
export function refuseImpossible(bot: PreparedBot): void {
  if (bot.refusals.length === 0) return;
  const lines = bot.refusals.map(
    (refusal) => `${refusal.field} (limit ${refusal.limit}): ${refusal.message}`,
  );
  throw new LabError('bad-option', `This bot cannot work:\n  ${lines.join('\n  ')}`);
}
