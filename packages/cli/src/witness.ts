/** `counterfoil witness`: anybody can cosign the checkpoints of other people's logs, and so make forks visible. */
import { parseArgs } from 'node:util';
import { formatVerifierKey, parseVerifierKey } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { addWitnessedLog, createWitness, openWitness, witnessServer } from '@counterfoil/log/witness';
import { CommandError, UsageError } from './errors.ts';

const HELP = `A C2SP witness: remembers the largest tree it has seen of each log, and signs only what extends it.

Usage: npx counterfoil witness init FOLDER NAME      makes its key; NAME like witness.example.org/w1
       npx counterfoil witness add FOLDER LOG-KEY    begins to witness a log
       npx counterfoil witness serve FOLDER [--port N] [--address A]

  --port N     default 7332
  --address A  default 127.0.0.1
`;

const DEFAULT_PORT = '7332';

export async function witness(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      address: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [what, folder, argument, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) throw new UsageError('say init, add or serve, and a folder');
  if (what === 'init' && argument !== undefined) {
    process.stdout.write(`${formatVerifierKey(createWitness(folder, argument))}\n`);
    return 0;
  }
  if (what === 'add' && argument !== undefined) {
    addWitnessedLog(folder, parseVerifierKey(nodePrimitives.sha256Into, argument));
    return 0;
  }
  if (what === 'serve' && argument === undefined) return serve(folder, Number(values.port), values.address);
  throw new UsageError('say init FOLDER NAME, add FOLDER LOG-KEY, or serve FOLDER');
}

/** Serves until it is told to stop. */
async function serve(folder: string, port: number, address: string): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port takes a number');
  const opened = openWitness(folder, Date.now);
  const server = witnessServer(opened.witness);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, () => resolve());
    });
  } catch (cause) {
    opened.close();
    throw new CommandError(`the witness cannot listen on ${address}:${port} (${(cause as Error).message}).`, {
      cause,
    });
  }
  const at = server.address();
  process.stdout.write(
    `witnessing ${opened.witness.origins.length} logs at http://${address}:${typeof at === 'object' ? at?.port : port}/\n`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  opened.close();
  return 0;
}
