/** A venue that closes right after its answer, as with `Connection: close`: the answer arrives whole. */
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { streamTarget } from '@counterfoil/vocabulary/protocol';
import { Mux } from '@counterfoil/wire';
import { bundle, plant } from './_planted-build.ts';
import { folderFor, lineOf, spawnSwitch } from './_programs.ts';

/** A stream's window and a little more, so that its end still waits in the switch when the venue is gone. */
const ANSWER_BYTES = 300 * 1024;
const HOST = '127.0.0.1';

/** How much of the answer a gate gets that begins to read after the venue has closed. */
async function received(t: TestContext, program?: string): Promise<number> {
  const venue = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(Buffer.alloc(ANSWER_BYTES));
  });
  await new Promise<void>((resolve) => venue.listen(0, HOST, resolve));
  t.after(() => void venue.close());
  const { port } = venue.address() as AddressInfo;
  const settings = { socketPath: join(folderFor(t), 's'), venues: [`${HOST}:${port}`] };
  const { child, door } = spawnSwitch(t, settings, program);
  await lineOf(child, ({ status }) => (status === 'listening' ? true : undefined));
  const gate = new Mux(door, { side: 'gate', onStream: (stream) => stream.destroy(), onClose: () => {} });
  t.after(() => gate.close(null));
  const stream = gate.open(encodeCbor(toCbor(streamTarget, { kind: 'venue', host: HOST, port })));
  stream.on('error', () => {});
  const closed = new Promise((resolve) => stream.once('close', resolve));
  await pause(200);
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await closed;
  return bytes;
}

test('an answer that a venue closes behind arrives whole', async (t) => {
  assert.equal(await received(t), ANSWER_BYTES);
});

test('a switch that closes with the venue loses the end of an answer', async (t) => {
  const folder = folderFor(t);
  const weak = plant(folder, await bundle(folder, 'packages/vault/src/switch/main.ts'), {
    from: 'from.readableEnded && !to.writableFinished',
    to: 'false',
  });
  assert.ok((await received(t, weak)) < ANSWER_BYTES);
});
