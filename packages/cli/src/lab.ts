/** `counterfoil backtest` and `counterfoil optimise`: the lab's commands on this terminal. */
import { type CommandIo, runBacktestCommand, runOptimiseCommand } from '@counterfoil/lab';

const COMMON = `  --data FILE     candles: timestamp_ms,open,high,low,close,volume as .csv or .csv.gz
  --json FILE     the report as JSON
  --html FILE     the report as one page that needs nothing else

Options that cannot work are refused by name, with the limit and what to change.
`;

const BACKTEST_HELP = `Runs one bot over recorded candles and says what would have happened, with its assumptions and a band.

Usage: npx counterfoil backtest --bot dca|grid|smart-trade --data FILE [options]

${COMMON}`;

const OPTIMISE_HELP = `Runs many configurations of one bot over recorded candles, and shows what lies beside the best.

Usage: npx counterfoil optimise --bot dca|grid --data FILE [options]

${COMMON}  --state FILE    keeps what was computed: after Ctrl-C the same command goes on from there
`;

export function backtest(args: readonly string[]): Promise<number> {
  return onTerminal(args, BACKTEST_HELP, runBacktestCommand);
}

export function optimise(args: readonly string[]): Promise<number> {
  return onTerminal(args, OPTIMISE_HELP, runOptimiseCommand);
}

async function onTerminal(
  args: readonly string[],
  help: string,
  run: (args: readonly string[], io: CommandIo) => Promise<number>,
): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return run(args, {
    write: (text) => void process.stdout.write(text),
    columns: process.stdout.columns ?? 80,
    interactive: process.stdout.isTTY,
    nowMs: Date.now,
    signal: stop.signal,
  });
}
