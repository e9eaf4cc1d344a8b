/** The `counterfoil` command: one table of commands, one place where errors become sentences and exit codes. */
import { order } from './order.ts';
import { verify } from './verify.ts';
import { UsageError, CommandError } from './errors.ts';

interface Command {
  readonly summary: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  order: { summary: 'place an order on paper, and keep its receipt', run: order },
  verify: { summary: 'check a receipt offline', run: verify },
};

const HELP = `counterfoil: trade automation with a receipt for every order

Usage: npx counterfoil COMMAND …

Commands
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

Options
  --help      help of a command: npx counterfoil COMMAND --help
  --home DIR  data folder (default: COUNTERFOIL_HOME, else ./data of the checkout)

Start the product itself with \`npm start\`.
`;

/** 0: done. 1: done and the answer is no. 2: not understood. 3: could not be done. */
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
    if (
      error instanceof UsageError ||
      (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true
    ) {
      process.stderr.write(
        `counterfoil ${name}: ${(error as Error).message}; see npx counterfoil ${name} --help\n`,
      );
      return 2;
    }
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`counterfoil ${name}: ${error.message}\n`);
    return 3;
  }
}

process.exitCode = await main(process.argv.slice(2));
