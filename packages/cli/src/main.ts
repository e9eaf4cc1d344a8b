/** The `counterfoil` command: one table of commands, one place where errors become sentences and exit codes. */
import { backtest, data, optimise } from './lab.ts';
import { bots } from './bots.ts';
import { connections } from './connections.ts';
import { deals } from './deals.ts';
import { doctor } from './doctor.ts';
import { backup, restore } from './backup.ts';
import { describeFailure } from './errors.ts';
import { freeze, thaw } from './freeze.ts';
import { log } from './log.ts';
import { order } from './order.ts';
import { seal } from './seal.ts';
import { status } from './status.ts';
import { vault } from './vault.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';
import { witness } from './witness.ts';
import { worker } from './worker.ts';
import { workers } from './workers.ts';

interface Command {
  readonly summary: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  status: { summary: 'what runs, what it is worth, what is frozen', run: status },
  bots: { summary: 'look at bots, start and stop them, and ask why they wait', run: bots },
  deals: { summary: 'look at deals and end them', run: deals },
  connections: { summary: 'look at keys, replace and remove them', run: connections },
  freeze: { summary: 'let the vault sign nothing new', run: freeze },
  thaw: { summary: 'let the vault sign again', run: thaw },
  watch: { summary: 'print what happens', run: watch },
  doctor: { summary: 'find what is set up wrongly', run: doctor },
  order: { summary: 'place an order on paper, and keep its receipt', run: order },
  verify: { summary: 'check a receipt, a history or a bundle offline', run: verify },
  log: { summary: 'look into a published log', run: log },
  vault: { summary: 'ask the vault what it is and whose approvals it takes', run: vault },
  seal: { summary: 'seal a secret of an exchange to your vault', run: seal },
  backup: { summary: 'copy the stopped installation, and print its recovery code', run: backup },
  restore: { summary: 'make an installation from a backup; it starts frozen', run: restore },
  witness: { summary: 'be a witness for other people’s logs', run: witness },
  workers: { summary: 'make and remove keys of workers on other machines', run: workers },
  worker: { summary: 'run bots on this machine for a vault on another one', run: worker },
  data: { summary: 'download, import and inspect recorded market data', run: data },
  backtest: { summary: 'run a bot over recorded candles', run: backtest },
  optimise: { summary: 'run many configurations of a bot over recorded candles', run: optimise },
};

const HELP = `counterfoil: trade automation with a receipt for every order

Usage: npx counterfoil COMMAND …

Commands
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

Options
  --help      help of a command: npx counterfoil COMMAND --help
  --home DIR  data folder (default: COUNTERFOIL_HOME, else ./data of the checkout)

Exit codes: 0 done, 1 done and the answer is no, 2 not understood, 3 could not be done.
Start the product itself with \`npm start\`.
`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    process.stderr.write(
      `counterfoil: there is no command ${JSON.stringify(name)}; see npx counterfoil --help\n`,
    );
    return 2;
  }
  try {
    return await command.run(args);
  } catch (error) {
    const failure = describeFailure(name, error);
    if (failure === null) throw error;
    process.stderr.write(`counterfoil ${name}: ${failure.sentence}\n`);
    return failure.exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));
