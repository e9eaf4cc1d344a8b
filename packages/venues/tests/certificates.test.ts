import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { startExchange } from './_client.ts';

test('the authority vouches for this machine only, and its private key is nowhere', async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const authority = new X509Certificate(running.exchange.authority);
  assert(authority.ca && authority.verify(authority.publicKey), 'the authority signed itself');
  // id-ce-nameConstraints, present and critical (the two bytes after it are BOOLEAN TRUE's header).
  const at = authority.raw.indexOf(Buffer.from('0603551d1e0101ff', 'hex'));
  assert(at > 0, 'the authority is constrained, and must be obeyed');
  assert(authority.raw.subarray(at).includes(Buffer.from('localhost')));
  const keys = readdirSync(running.folder).filter((name) => name.endsWith('.key'));
  assert.deepEqual(keys, ['paper-server.key']);
  assert.equal(
    statSync(join(running.folder, 'paper-server.key')).mode & 0o077,
    0,
    'only its owner reads the server key',
  );
});

test('a client that trusts the authority connects, one that asks for another host or trusts nothing does not', async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const { port } = new URL(running.exchange.url);
  const attempt = (options: object): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: Number(port), ...options });
      socket.on('secureConnect', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  const ca = running.exchange.authority;
  assert.equal(await attempt({ ca, servername: 'localhost' }), 'connected');
  assert.equal(await attempt({ ca, servername: 'api.binance.com' }), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.notEqual(await attempt({ servername: 'localhost' }), 'connected');
});
