import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { migrate, openDatabase, startDatabase, StartError } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { hasDebianPostgres, startDebianPostgres } from './_debian-postgres.ts';

async function refusal(databaseUrl: string): Promise<StartError> {
  try {
    const { stop } = await startDatabase({ folder: '/nonexistent', databaseUrl, log: () => {} });
    await stop();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error('the start was not refused');
}

function assertSentence({ sentence }: StartError): void {
  assert.match(sentence, /Nothing was started/);
  assert.doesNotMatch(sentence, /hunter2/);
  assert.doesNotMatch(sentence, /undefined/);
}

test('a server that does not listen is one sentence without its password', async () => {
  const error = await refusal('postgresql://somebody:hunter2@127.0.0.1:1/counterfoil');
  assert.equal(error.code, 'database-unreachable');
  assert.match(error.sentence, /127\.0\.0\.1:1\/counterfoil cannot be reached \(ECONNREFUSED\)/);
  assertSentence(error);
});

test('a name that does not resolve is one sentence', async () => {
  const error = await refusal('postgresql://somebody:hunter2@database.invalid/counterfoil');
  assert.equal(error.code, 'database-unreachable');
  assertSentence(error);
});

test('something that is not PostgreSQL is one sentence', async (t) => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  atEnd(t, () => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const error = await refusal(`postgresql://somebody:hunter2@127.0.0.1:${address.port}/counterfoil`);
  assert.equal(error.code, 'database-unreachable');
  assertSentence(error);
});

for (const url of ['', 'counterfoil', 'mysql://somebody:hunter2@localhost/counterfoil']) {
  test(`"${url.replace('hunter2', '…')}" is not an address of a PostgreSQL server`, async () => {
    const error = await refusal(url);
    assert.equal(error.code, 'database-url-invalid');
    assertSentence(error);
  });
}

if (hasDebianPostgres) {
  test('a server is used as it is, refuses a wrong password in one sentence, and outlives stop()', async (t) => {
    const server = await startDebianPostgres();
    atEnd(t, server.stop);
    const wrong = new URL(server.url);
    wrong.password = 'hunter2';
    const error = await refusal(wrong.href);
    assert.equal(error.code, 'database-refused');
    assertSentence(error);
    const running = await startDatabase({ folder: '/nonexistent', databaseUrl: server.url, log: () => {} });
    assert.equal(running.kind, 'server');
    assert.match(running.version, /^15\./);
    await migrate(running);
    await running.stop();
    const { kysely, close } = await openDatabase(running);
    atEnd(t, close);
    const { made_by } = await kysely
      .selectFrom('counterfoil_installation')
      .select('made_by')
      .executeTakeFirstOrThrow();
    assert.match(made_by, /^\d+\.\d+\.\d+/);
  });
}
