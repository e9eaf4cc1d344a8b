import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { decodeCbor, venueId } from '@counterfoil/vocabulary';
import { type GateAnswer, type GateResult, type Intent, gateAnswer } from '@counterfoil/vocabulary/protocol';
import { FrameReader, type Identity, newIdentity, secureServer } from '@counterfoil/wire';
import { plant } from './_planted-build.ts';
import { folderFor, gateFile } from './_programs.ts';
import { type RunningVault, startVault } from './_vault.ts';
import { bytesOf, framed, type Vector, type VectorSet, vectorsOf } from './_vectors.ts';

/** Nobody listens there: a fresh gate has no key to send anything with. */
const paper = { venue: venueId.parse('paper'), host: '127.0.0.1', port: 1, caPem: '' };
const requests = vectorsOf('gate', 'requests');

/** Sends bytes; what comes back until the answer or the end. */
function exchange(socket: TLSSocket, sent: Uint8Array): Promise<GateAnswer | 'closed'> {
  return new Promise((resolve) => {
    const reader = new FrameReader();
    socket.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) resolve(gateAnswer.decode(decodeCbor(frame), 'message'));
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve('closed'));
    socket.write(sent);
  });
}

/** Names of the request vectors that a gate does not treat as they say. */
async function failuresOf(vault: RunningVault, vectors: VectorSet): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, answer, ...vector } of vectors.good) {
    const socket = await vault.attach();
    const answered = await exchange(socket, framed(bytesOf(vector)));
    socket.destroy();
    if (!isDeepStrictEqual(answered === 'closed' ? answered : summary(answered), answer)) failed.push(name);
  }
  for (const { name, ...vector } of vectors.bad) {
    const socket = await vault.attach();
    if ((await exchange(socket, framed(bytesOf(vector)))) !== 'closed') failed.push(name);
    socket.destroy();
  }
  return failed;
}

function summary({ result }: GateAnswer): Vector['answer'] {
  return result.kind === 'refused' ? { kind: result.kind, code: result.code } : { kind: result.kind };
}

test('the gate answers every good request as its vector says, and a bad one closes its stream alone', async (t) => {
  const vault = await startVault(t, { venues: [paper], builder: false });
  const caller = await vault.caller();
  const head = async (): Promise<string> => {
    const { result } = await caller.call((id) => ({ id, intent: { kind: 'head' } }));
    return result.kind === 'head' ? result.checkpoint : result.kind;
  };
  const before = await head();
  const isDone = ({ answer }: Vector): boolean => answer?.kind === 'done';
  const good = requests.good.filter((vector) => !isDone(vector));
  assert.deepEqual(await failuresOf(vault, { ...requests, good }), []);
  const overlong = Buffer.from('00400001', 'hex');
  assert.equal(await exchange(await vault.attach(), overlong), 'closed', 'a frame over 4 MiB');
  // No leaf was written: none of it was a use. Whoever was attached before is served as before.
  assert.equal(await head(), before);
  assert.deepEqual(await failuresOf(vault, { good: requests.good.filter(isDone), bad: [] }), []);
  assert.notEqual(await head(), before, 'a freeze is announced');
  assert.equal(vault.gate.exitCode, null);
});

test('a gate that reads one field of an intent under another key fails vectors by name', async (t) => {
  const planted = plant(folderFor(t), await gateFile(), {
    from: 'epoch: [2, integer(0, EPOCH_MAX)] })]',
    to: 'epoch: [3, integer(0, EPOCH_MAX)] })]',
  });
  const vault = await startVault(t, { venues: [paper], builder: false, gateFile: planted });
  const good = requests.good.filter(({ name }) => name.includes('useGet'));
  assert.deepEqual(
    await failuresOf(vault, { good, bad: [] }),
    good.map(({ name }) => name),
  );
});

/** What of the server's worker is used here; it is a program's part and no entry point, so it is named by path. */
interface WorkerSide {
  readonly GateLink: new (options: {
    readonly reach: () => Promise<Duplex>;
    readonly isDistant: boolean;
    readonly identity: Identity;
    readonly gatePin: string;
    readonly nextEpoch: () => Promise<number>;
    readonly onAttached: (session: { ask(intent: Intent): Promise<GateResult> }) => Promise<void>;
    readonly log: (line: string) => void;
  }) => { close(): Promise<void> };
  readonly atSwitch: (socketPath: string) => () => Promise<Duplex>;
}
const fromServer = async <Name extends keyof WorkerSide>(file: string): Promise<Pick<WorkerSide, Name>> =>
  (await import(new URL(`../../server/src/worker/${file}`, import.meta.url).href)) as Pick<WorkerSide, Name>;
const { GateLink } = await fromServer<'GateLink'>('gate-link.ts');
const { atSwitch } = await fromServer<'atSwitch'>('at-switch.ts');

/** Has a real worker attach once for each vector and be answered by it; what kind of answer the worker took. */
async function workerTakes(socketPath: string, vectors: readonly Vector[]): Promise<(string | undefined)[]> {
  const gate = newIdentity();
  const identity = newIdentity();
  const taken: (string | undefined)[] = [];
  let current: TLSSocket | null = null;
  let finished = (): void => {};
  const done = new Promise<void>((resolve) => (finished = resolve));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('readable', () => {
      // u32 length, then the attachment's own vector: the worker's first bytes.
      assert.equal((socket.read(11) as Buffer | null)?.toString('hex'), workerGreeting);
      secureServer(socket, gate, new Set([identity.pin])).then(
        (secured) => {
          secured.on('error', () => {});
          current = secured;
          const vector = vectors[taken.length];
          if (vector !== undefined) secured.once('data', () => secured.write(framed(bytesOf(vector))));
        },
        // The worker left.
        () => socket.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const link = new GateLink({
    reach: atSwitch(socketPath),
    isDistant: false,
    identity,
    gatePin: gate.pin,
    nextEpoch: () => Promise.resolve(1),
    onAttached: async (session) => {
      if (taken.length === vectors.length) return finished();
      const result = await session.ask({ kind: 'head' }).catch(() => null);
      taken.push(result?.kind);
      // The line is made again for the next vector.
      current?.destroy();
    },
    log: () => {},
  });
  await done;
  await link.close();
  await new Promise((resolve) => server.close(resolve));
  return taken;
}

const workerGreeting = framed(
  bytesOf(vectorsOf('door', 'attachments').good.find(({ value }) => value === 'worker') ?? { hex: '' }),
).toString('hex');
/** A worker pauses before it attaches again, so several take turns side by side. */
const WORKERS = 10;

test('a worker takes every good answer as its vector says, and drops the line on a bad one', async (t) => {
  const folder = folderFor(t);
  const kindOf = ({ value }: Vector) => (value as { result?: { kind: string } } | undefined)?.result?.kind;
  // A worker's first request has id 1; an answer to another id is nobody's.
  const isFirst = ({ value }: Vector): boolean => (value as { id?: number } | undefined)?.id === 1;
  const answers = vectorsOf('gate', 'answers');
  const vectors = [...answers.good.filter(isFirst), ...answers.bad];
  const turns = Array.from({ length: WORKERS }, (_, worker) =>
    vectors.filter((_vector, i) => i % WORKERS === worker),
  );
  const taken = await Promise.all(turns.map((turn, i) => workerTakes(join(folder, String(i)), turn)));
  const failed = turns.flatMap((turn, i) =>
    turn.filter((vector, j) => taken[i]?.[j] !== kindOf(vector)).map(({ name }) => name),
  );
  assert.deepEqual(failed, []);
});
