// The API beside bare node:http with the same client: reads, validated writes, and event streams. The session of the
// demo is known without asking the database, so a read that asks it stands beside.
// Run: node benches/api.ts [--quick]
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startDatabase } from '@counterfoil/server';

const quick = process.argv.includes('--quick');
const MEASURE_MS = quick ? 1_500 : 5_000;
const CONNECTIONS = 32;
const CLIENTS = quick ? 200 : 1_000;
const NOTICES = 20;
const EVENTS = quick ? 20 : 100;

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>bench</title>');
const database = await startDatabase({ folder: join(folder, 'db'), databaseUrl: undefined, log: () => {} });
const children: ChildProcess[] = [];
try {
  await migrate(database);
  const [apiPort, barePort] = [await freePort(), await freePort()];
  await writeNotices(database.url);
  const api = await serve('api', apiPort, database.url, folder);
  await serve('bare', barePort);
  const read = (port: number) => load(port, 'GET', '/api/v1/session', null);
  const readRows = () => load(apiPort, 'GET', '/api/v1/notices', null);
  const write = (port: number) => load(port, 'POST', '/api/v1/session/registration', '{"name":"Ada"}');
  await Promise.all([read(apiPort), read(barePort)]);
  const rounds = [];
  // Alternating, so that whatever else the machine does falls on both.
  for (let round = 0; round < 3; round++) {
    rounds.push({
      bareGet: await read(barePort),
      get: await read(apiPort),
      getRows: await readRows(),
      barePost: await write(barePort),
      post: await write(apiPort),
    });
  }
  const [get, bareGet] = [median(rounds.map((one) => one.get)), median(rounds.map((one) => one.bareGet))];
  const [post, barePost] = [median(rounds.map((one) => one.post)), median(rounds.map((one) => one.barePost))];
  const lateness = await stream(apiPort, api);
  const figures = {
    get_per_s: Math.round(get),
    get_from_database_per_s: Math.round(median(rounds.map((one) => one.getRows))),
    post_per_s: Math.round(post),
    sse_clients: CLIENTS,
    sse_p99_ms: lateness[Math.floor(lateness.length * 0.99)] ?? 0,
    get_vs_bare_http: Number((get / bareGet).toFixed(2)),
    post_vs_bare_http: Number((post / barePost).toFixed(2)),
  };
  console.log(`reads    ${figures.get_per_s}/s, bare ${Math.round(bareGet)}/s`);
  console.log(`         ${figures.get_from_database_per_s}/s for a page of ${NOTICES} rows of the database`);
  console.log(`writes   ${figures.post_per_s}/s, bare ${Math.round(barePost)}/s`);
  console.log(`events   ${CLIENTS} clients, p99 ${figures.sse_p99_ms} ms from commit to client`);
  console.log(JSON.stringify(figures));
} finally {
  for (const child of children) child.kill();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function writeNotices(url: string): Promise<void> {
  const { kysely, close } = await openDatabase({ url });
  const notice = {
    owner: 'demo',
    level: 'info',
    security: false,
    subject: 'bench',
    body: 'x'.repeat(100),
  } as const;
  await kysely
    .insertInto('notice')
    .values(Array.from({ length: NOTICES }, () => notice))
    .execute();
  await close();
}

function serve(...words: readonly (string | number)[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'api/serve.ts'), words.map(String));
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)));
  });
}

/** Answers per second over so many kept connections. */
async function load(port: number, method: string, path: string, body: string | null): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + MEASURE_MS;
  let answers = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const status = await ask(agent, port, method, path, body);
      if (status >= 300) throw new Error(`${method} ${path} answered ${status}`);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  agent.destroy();
  return answers / (MEASURE_MS / 1_000);
}

function ask(agent: Agent, port: number, method: string, path: string, body: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers =
      body === null ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const asked = request({ agent, host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end(body ?? undefined);
  });
}

/** Milliseconds from writing an event to each client's reading it, in order. */
async function stream(port: number, api: ChildProcess): Promise<readonly number[]> {
  const late: number[] = [];
  const agent = new Agent({ maxSockets: CLIENTS });
  await Promise.all(
    Array.from(
      { length: CLIENTS },
      () =>
        new Promise<void>((resolve, reject) => {
          const asked = request({ agent, host: '127.0.0.1', port, path: '/api/v1/events' }, (response) => {
            response.setEncoding('utf8');
            response.on('data', (text: string) => {
              for (const [, at = ''] of text.matchAll(/"at":"([^"]+)"/g))
                late.push(Date.now() - Date.parse(at));
            });
            response.once('data', () => resolve());
          });
          asked.on('error', reject);
          asked.end();
        }),
    ),
  );
  for (let event = 0; event < EVENTS; event++) {
    api.send('event');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const end = Date.now() + 10_000; late.length < CLIENTS * EVENTS && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (late.length !== CLIENTS * EVENTS)
    throw new Error(`${late.length} of ${CLIENTS * EVENTS} events arrived`);
  agent.destroy();
  return late.toSorted((a, b) => a - b);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
