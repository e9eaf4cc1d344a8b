/** The servers under test, in processes of their own: `exchange` is the paper exchange, `echo` a bare TLS server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPaperExchange } from '../../packages/venues/src/paper/paper-exchange.ts';
import { DEFAULT_MARKET } from '../../packages/venues/src/paper/default-market.ts';
import { loadCertificates } from '../../packages/venues/src/paper/tls/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-paper-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(0));

if (process.argv[2] === 'exchange') {
  const exchange = await startPaperExchange({
    folder,
    port: 0,
    adminPort: 0,
    seed: 1,
    clock: Date.now,
    flowEveryMs: 0,
    // A still market, so that only the bench's own orders cost time.
    markets: () =>
      Promise.resolve([
        { ...DEFAULT_MARKET, source: 'recorded', rules: { ...DEFAULT_MARKET.rules, maxOpenOrders: 1e9 } },
      ]),
    limits: { weightPerMinute: 1e9, ordersPer10Seconds: 1e9, ordersPerDay: 1e9 },
  });
  const { url, adminUrl, authority } = exchange;
  process.stdout.write(`${JSON.stringify({ url, adminUrl, authority })}\n`);
} else {
  const { key, certificate, authority } = loadCertificates(folder, Date.now());
  const server = createServer({ key, cert: certificate }, (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    process.stdout.write(
      `${JSON.stringify({ url: `https://localhost:${port}`, adminUrl: '', authority })}\n`,
    );
  });
}
