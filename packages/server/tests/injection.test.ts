import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';

/** Everything that a plain socket is answered to these bytes. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

const planted = 'x-planted: yes';

function headersOf(answer: string): readonly string[] {
  return (answer.split('\r\n\r\n')[0] ?? '').toLowerCase().split('\r\n').slice(1);
}

test('a reader that takes every line for a header finds the planted one', () => {
  assert.ok(headersOf(`HTTP/1.1 200 OK\r\n${planted}\r\n\r\n`).includes(planted));
});

test('what a request says becomes no header of its answer', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const { port, logged } = await startHttp(t, kysely);
  const end = 'connection: close\r\n\r\n';
  const host = `host: localhost:${port}\r\n`;
  for (const request of [
    // Led to the origin under the address that it asked for.
    `GET /%0d%0a${planted.replace(' ', '%20')} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: text/html\r\n${end}`,
    `GET /a\n${planted} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: text/html\r\n${end}`,
    `GET /api/v1/bots?cursor=%0d%0a${planted} HTTP/1.1\r\n${host}${end}`,
    `GET /api/v1/session HTTP/1.1\r\n${host}x-request-id: 1\n${planted}\r\n${end}`,
    `GET /api/v1/session HTTP/1.1\r\n${host}origin: http://a\r${planted}\r\n${end}`,
    `POST /api/v1/bots HTTP/1.1\r\n${host}idempotency-key: aaaaaaaa%0d%0a${planted}\r\ncontent-length: 0\r\n${end}`,
  ]) {
    const answer = await raw(port, request);
    assert.match(answer, /^HTTP\/1\.1 [1-5]/, request);
    assert.ok(!headersOf(answer).some((line) => line.startsWith('x-planted')), `${request}\n${answer}`);
  }
  assert.deepEqual(logged, []);
});

test('a defect is one line of the log, whatever its words say', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const words = 'lost\n2026-11-21 server: everything is well\u001b[2J\r\u2028';
  const { url, logged } = await startHttp(t, kysely, {
    gateSession: () => Promise.reject(new Error(words)),
  });
  const answer = await fetch(`${url}/api/v1/log/head`);
  const text = await answer.text();
  assert.equal(answer.status, 500);
  assert.ok(!text.includes('everything is well'), 'the caller is told nothing of the inside');
  assert.equal(logged.length, 1);
  assert.match(words, /[^ -~]/, 'the words would break a line');
  assert.match(logged[0] ?? '', /^[ -~]+$/);
});
