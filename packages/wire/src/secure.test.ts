import assert from 'node:assert/strict';
import { type Duplex, duplexPair } from 'node:stream';
import { test } from 'node:test';
import { TLSSocket, connect } from 'node:tls';
import { weakened } from './_weakened.ts';
import { type Identity, newIdentity } from './certificate.ts';
import { secureClient, secureServer } from './secure.ts';

const [gate, worker, stranger] = [newIdentity(), newIdentity(), newIdentity()];
const pins = (...identities: readonly Identity[]) => new Set(identities.map(({ pin }) => pin));

/** Two ends of which neither outlives the other, as of a socket. */
function line(): readonly [Duplex, Duplex] {
  const [a, b] = duplexPair();
  a.once('close', () => b.destroy());
  b.once('close', () => a.destroy());
  return [a, b];
}

/** Both sides' outcome: the socket, or the code of the error. */
async function handshake(
  client: Promise<TLSSocket>,
  server: Promise<TLSSocket>,
): Promise<readonly (TLSSocket | string)[]> {
  const outcome = (side: Promise<TLSSocket>) =>
    side.catch((error: unknown) => String((error as { code?: string }).code));
  return Promise.all([outcome(client), outcome(server)]);
}

function echo(socket: TLSSocket | string | undefined): Promise<string> {
  if (!(socket instanceof TLSSocket)) throw new Error(`no connection: ${String(socket)}`);
  return new Promise((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())));
}

test('two peers that know each other’s keys speak TLS 1.3', async () => {
  const [a, b] = line();
  const [client, server] = await handshake(
    secureClient(a, worker, pins(gate)),
    secureServer(b, gate, pins(worker)),
  );
  const heard = echo(server);
  assert.ok(client instanceof TLSSocket);
  client.write('hello');
  assert.equal(await heard, 'hello');
  assert.equal(client.getProtocol(), 'TLSv1.3');
  client.destroy();
});

test('a client does not speak to a server whose key it does not know', async () => {
  const [a, b] = line();
  const [client] = await handshake(
    secureClient(a, worker, pins(gate)),
    secureServer(b, stranger, pins(worker)),
  );
  assert.equal(client, 'peer-not-enrolled');
  assert.equal(a.destroyed, true);
});

test('a server does not speak to a client whose key it does not know', async () => {
  const [a, b] = line();
  const server = secureServer(b, gate, pins(worker));
  const client = await secureClient(a, stranger, pins(gate)).catch(() => null);
  // In TLS 1.3 the client is done first; it hears nothing and the line breaks.
  const heard = new Promise<string>((resolve) => {
    client?.once('data', () => resolve('a byte'));
    client?.on('error', () => {});
    if (client === null) resolve('nothing');
    client?.once('close', () => resolve('nothing'));
  });
  await assert.rejects(server, { name: 'WireError', code: 'peer-not-enrolled' });
  assert.equal(await heard, 'nothing');
});

test('a client without a certificate is not let in', async () => {
  const [a, b] = line();
  const bare = connect({ socket: a, rejectUnauthorized: false, minVersion: 'TLSv1.3' });
  bare.on('error', () => {});
  await assert.rejects(secureServer(b, gate, pins(worker)), { code: 'peer-not-enrolled' });
});

test('an older TLS is refused', async () => {
  const [a, b] = line();
  connect({ socket: a, rejectUnauthorized: false, maxVersion: 'TLSv1.2' }).on('error', () => {});
  await assert.rejects(secureServer(b, gate, pins(worker)), { code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' });
});

/** Somebody in the middle who ends TLS with a key of their own, one way and the other. */
async function inTheMiddle(client: typeof secureClient, server: typeof secureServer) {
  const [a, toClient] = line();
  const [toServer, b] = line();
  const middle = Promise.all([
    secureServer(toClient, stranger, pins(worker)),
    secureClient(toServer, stranger, pins(gate)),
  ]).catch(() => null);
  const sides = await handshake(client(a, worker, pins(gate)), server(b, gate, pins(worker)));
  for (const stream of [a, b, toClient, toServer]) stream.destroy();
  await middle;
  return sides;
}

test('somebody in the middle with a key of their own is refused by both', async () => {
  assert.deepEqual(await inTheMiddle(secureClient, secureServer), ['peer-not-enrolled', 'peer-not-enrolled']);
});

test('without the pins somebody in the middle would be taken by both', async () => {
  const weak = (await weakened('secure.ts', 'if (!pins.has(pin)) {', 'if (pin === "") {')) as {
    readonly secureClient: typeof secureClient;
    readonly secureServer: typeof secureServer;
  };
  const sides = await inTheMiddle(weak.secureClient, weak.secureServer);
  assert.deepEqual(
    sides.map((side) => side instanceof TLSSocket),
    [true, true],
  );
});

/** Passes `length` bytes from one end on to the other, and then the line breaks. */
function breakAfter(length: number, from: Duplex, to: Duplex): void {
  let left = length;
  from.on('error', () => {});
  to.on('error', () => {});
  to.resume();
  if (left === 0) return void to.destroy();
  from.on('data', (chunk: Buffer) => {
    to.write(chunk.subarray(0, left), () => {
      if (left === 0) setImmediate(() => to.destroy());
    });
    left -= Math.min(left, chunk.length);
  });
}

test('a handshake that breaks off anywhere fails at once and leaves no connection', async () => {
  for (const length of [0, 1, 5, 6, 100, 250]) {
    const [a, far] = line();
    const [carrier, b] = line();
    const server = secureServer(b, gate, pins(worker));
    const client = secureClient(a, worker, pins(gate));
    const refused = Promise.all([
      assert.rejects(server, { name: 'WireError', code: 'closed' }, `after ${length} bytes`),
      assert.rejects(client),
    ]);
    breakAfter(length, far, carrier);
    await server.catch(() => a.destroy());
    await refused;
    assert.equal(b.destroyed, true);
  }
});

test('what is no TLS at all is refused', async () => {
  const [a, b] = line();
  a.on('error', () => {});
  const server = secureServer(b, gate, pins(worker));
  a.write('GET / HTTP/1.1\r\n\r\n');
  await assert.rejects(server, { code: 'ERR_SSL_HTTP_REQUEST' });
});
