/** One of the two servers under load, as a process of its own: the API over a database, or bare `node:http`. */
import { createServer } from 'node:http';
import { openDatabase } from '@counterfoil/server';
import { createHttp } from '../../packages/server/src/http/start.ts';
import { tellWatchers } from '../../packages/server/src/notifications/outbox-writer.ts';

const [what = '', port = '0', databaseUrl = '', pages = ''] = process.argv.slice(2);

if (what === 'bare') {
  // The same sizes of answers, read and parsed like any JSON server would.
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'ok', filler: 'x'.repeat(250) }));
    });
  });
  server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
} else {
  const database = await openDatabase({ url: databaseUrl });
  const server = await createHttp({
    port: Number(port),
    database: database.kysely,
    token: 'f'.repeat(64),
    health: async () => ({ database: 'ok', vault: 'ok' }),
    vaultAttached: () => true,
    gateSession: async () => null,
    paperAdminUrl: 'http://127.0.0.1:9',
    webhookAddresses: [],
    market: { venueUrl: 'https://127.0.0.1:9', ca: undefined },
    connectionFile: '',
    policyFile: '',
    recordings: '',
    pages,
    paperOrders: { place: () => Promise.reject(new Error('not here')), find: async () => null },
    log: () => {},
  });
  await server.listen({ port: Number(port), host: '127.0.0.1' });
  process.on('message', () => {
    // The time of writing travels along, and comes back in the event.
    const at = new Date().toISOString();
    void tellWatchers(database.kysely, 'demo', {
      type: 'notice',
      notice: {
        id: '1',
        at,
        level: 'info',
        security: false,
        subject: 'bench',
        subjectSaid: null,
        body: 'x',
        bodySaid: null,
        bot: null,
        readAt: null,
      },
    });
  });
  process.send?.('ready');
}
