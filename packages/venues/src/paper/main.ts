/**
 * The paper exchange as a program:
 *
 *     node packages/venues/src/paper/main.ts --folder DIR [--port 7341] [--admin-port 7342] [--seed 1] [--flow-ms 250]
 *
 * Prints one line of JSON when it is ready: `{"url","adminUrl","authorityFile"}`. Stops on SIGTERM or SIGINT.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPaperExchange } from './paper-exchange.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '7341' },
    'admin-port': { type: 'string', default: '7342' },
    seed: { type: 'string', default: '1' },
    'flow-ms': { type: 'string', default: '250' },
  },
});

if (values.folder === undefined) {
  process.stderr.write('paper exchange: say where its accounts live, with --folder DIR\n');
  process.exit(2);
}

const exchange = await startPaperExchange({
  folder: values.folder,
  port: Number(values.port),
  adminPort: Number(values['admin-port']),
  seed: Number(values.seed),
  flowEveryMs: Number(values['flow-ms']),
  clock: Date.now,
});
const { url, adminUrl } = exchange;
process.stdout.write(
  `${JSON.stringify({ url, adminUrl, authorityFile: join(values.folder, 'paper-ca.pem') })}\n`,
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void exchange.close();
  });
}
