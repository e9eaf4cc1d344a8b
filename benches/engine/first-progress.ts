// Measured: how long after its process was started a command of the lab first says how far it is.
// The child ends with the first word; `node first-progress.ts backtest|optimise FILE` is that child.
import { spawn } from 'node:child_process';
import { runBacktestCommand, runOptimiseCommand } from '@counterfoil/lab';

const commands = {
  backtest: (data: string) => run(runBacktestCommand, ['--data', data]),
  optimise: (data: string) => run(runOptimiseCommand, ['--data', data, '--deviation', '0.5..3/0.25']),
};

export type TimedCommand = keyof typeof commands;

/** Milliseconds from the start of a Node process to the first progress that a terminal would show; wall clock. */
export async function firstProgressMs(command: TimedCommand, data: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [import.meta.filename, command, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ms = performance.now() - begun;
  await new Promise((resolve) => child.once('close', resolve));
  return ms;
}

function run(command: typeof runBacktestCommand, args: readonly string[]): Promise<number> {
  const write = (text: string): void => void process.stdout.write(text, () => process.exit(0));
  const { signal } = new AbortController();
  return command(args, { write, columns: 80, interactive: true, nowMs: Date.now, signal });
}

if (import.meta.main) {
  const [name, data = ''] = process.argv.slice(2);
  if (name === 'backtest' || name === 'optimise') await commands[name](data);
}
