import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, readFileSync, unlinkSync, cpSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type PolicyWitness,
  type VerifierKey,
  TreeHasher,
  formatAddCheckpoint,
  formatCheckpoint,
  formatNote,
  hexOf,
  makeVerifierKey,
  monitoringPath,
  openCheckpoint,
  parseNote,
  parseSignatureLine,
  utf8,
  verifyNote,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import {
  WitnessClient,
  Witness,
  WitnessStore,
  addWitnessedLog,
  createWitness,
  openWitness,
  readWitnessed,
  witnessServer,
} from '@counterfoil/log/witness';
import { logKey, signedBy, testKey } from './_history-log.ts';
import { Story } from './_story.ts';
import { base64, hex, readVectors } from './_vectors.ts';

const hasher = new TreeHasher(sha256Into);
const clock = (): number => 1_767_225_600_000;

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function newWitness(folder: string, ...logs: readonly VerifierKey[]): Witness {
  createWitness(folder, 'witness.example/w');
  for (const log of logs) addWitnessedLog(folder, log);
  return openWitness(folder, clock).witness;
}

interface Dialogue {
  origin: string;
  publicKey: string;
  keyId: string;
  steps: {
    old: number;
    proof: string[];
    size: number;
    root: string;
    signature: string;
    status: number;
    body?: string;
  }[];
}

test("the witness answers another implementation's dialogue as that one does", (t) => {
  const { origin, publicKey, keyId, steps } = readVectors<Dialogue>('witness-dialogue');
  const key = makeVerifierKey(sha256Into, origin, 'ed25519', hex(publicKey));
  assert.equal(hexOf(key.id), keyId);
  const witness = newWitness(folderFor(t), key);
  for (const step of steps) {
    const checkpoint = utf8(`${origin}\n${step.size}\n${step.root}\n\n— ${origin} ${step.signature}\n`);
    const consistency = step.proof.map(base64);
    const answer = witness.addCheckpoint(formatAddCheckpoint({ oldSize: step.old, consistency, checkpoint }));
    assert.equal(answer.status, step.status, answer.body);
    if (step.body !== undefined) assert.equal(answer.body, step.body);
    if (answer.status !== 200) continue;
    const note = {
      text: parseNote(checkpoint).text,
      signatures: [parseSignatureLine(answer.body.trimEnd())],
    };
    assert.equal(verifyNote(note, [witness.key], nodePrimitives)[0]?.time, clock() / 1000);
  }
});

test('replay, rollback, fork and foreign logs are refused, each with its status', (t) => {
  const witness = newWitness(folderFor(t), logKey.key);
  const log = new Story('log', 20);
  const status = (body: Uint8Array): number => witness.addCheckpoint(body).status;
  assert.equal(status(log.request(0, 5)), 200);
  assert.equal(status(log.request(0, 5)), 409, 'replay');
  assert.equal(status(log.request(5, 12)), 200);
  assert.equal(status(log.request(5, 9)), 409, 'rollback from an old size');
  assert.equal(status(log.request(12, 9)), 400, 'rollback');
  const fork = new Story('fork', 20, { story: 'log', upTo: 8 });
  assert.equal(status(fork.request(12, 12)), 422, 'same size, other tree');
  assert.equal(status(fork.request(12, 15)), 422, 'a fork that grew');
  const altered = new Story('fork', 20);
  assert.equal(status(altered.request(12, 15)), 422, 'another history');
  assert.equal(status(log.request(12, 12)), 200, 'the same tree again');
  assert.equal(status(utf8('old 0\n\nnonsense')), 400);
  assert.equal(status(utf8(`old -1\n\n${Buffer.from(log.checkpoint(3)).toString()}`)), 400);
  const foreign = testKey('another.example/log', 'ed25519');
  const text = log.text(13).replace(logKey.key.name, foreign.key.name);
  const offered = formatNote({ text, signatures: [signedBy(text, foreign)] });
  assert.equal(status(formatAddCheckpoint({ oldSize: 0, consistency: [], checkpoint: offered })), 404);
  const unsigned = formatNote({ text: log.text(13), signatures: [signedBy(log.text(13), foreign)] });
  assert.equal(status(formatAddCheckpoint({ oldSize: 12, consistency: [], checkpoint: unsigned })), 403);
  const extended = `${log.text(12)}extension\n`;
  const withLine = formatNote({ text: extended, signatures: [signedBy(extended, logKey)] });
  assert.equal(status(formatAddCheckpoint({ oldSize: 12, consistency: [], checkpoint: withLine })), 400);
});

test('proofs that are too long, or not empty where they must be, are refused', (t) => {
  const witness = newWitness(folderFor(t), logKey.key);
  const log = new Story('log', 20);
  const hash = new Uint8Array(32);
  const ask = (oldSize: number, size: number, consistency: Uint8Array[]): number =>
    witness.addCheckpoint(formatAddCheckpoint({ oldSize, consistency, checkpoint: log.checkpoint(size) }))
      .status;
  assert.equal(ask(0, 5, [hash]), 422);
  assert.equal(ask(0, 5, []), 200);
  assert.equal(ask(5, 5, [hash]), 422);
  assert.equal(
    ask(
      5,
      6,
      Array.from({ length: 64 }, () => hash),
    ),
    400,
  );
  assert.equal(
    ask(
      5,
      6,
      Array.from({ length: 63 }, () => hash),
    ),
    422,
  );
  assert.equal(ask(5, 6, []), 422);
});

test('an empty tree must have the empty root', (t) => {
  const witness = newWitness(folderFor(t), logKey.key);
  const ask = (text: string): number => {
    const checkpoint = formatNote({ text, signatures: [signedBy(text, logKey)] });
    return witness.addCheckpoint(formatAddCheckpoint({ oldSize: 0, consistency: [], checkpoint })).status;
  };
  const origin = logKey.key.name;
  assert.equal(ask(formatCheckpoint({ origin, size: 0, root: new Uint8Array(32) })), 422);
  assert.equal(ask(formatCheckpoint({ origin, size: 0, root: hasher.emptyRoot() })), 200);
});

test('a witness that lost its state refuses to start, and one that forgot would sign a rolled-back log', (t) => {
  const folder = folderFor(t);
  createWitness(folder, 'witness.example/w');
  addWitnessedLog(folder, logKey.key);
  const log = new Story('log', 20);
  const opened = openWitness(folder, clock);
  assert.equal(opened.witness.addCheckpoint(log.request(0, 12)).status, 200);
  assert.throws(() => openWitness(folder, clock), { code: 'already-running' });
  opened.close();
  const again = openWitness(folder, clock);
  assert.equal(again.witness.addCheckpoint(log.request(0, 5)).status, 409, 'the state survived');
  again.close();
  const state = join(folder, 'logs', monitoringPath(sha256Into, logKey.key.name));
  unlinkSync(state);
  assert.throws(() => openWitness(folder, clock), { code: 'state-lost' });
  // The guard removed: a store that begins anew where the file is gone.
  new WitnessStore(folder).add(logKey.key.name);
  const forgetful = openWitness(folder, clock);
  assert.equal(forgetful.witness.addCheckpoint(log.request(0, 5)).status, 200, 'the rollback is signed');
  forgetful.close();
  assert.throws(() => addWitnessedLog(folder, logKey.key), { code: 'log-known' });
});

test('a crash between keeping the state and the answer costs the log one more question, nothing else', (t) => {
  const folder = folderFor(t);
  const witness = newWitness(folder, logKey.key);
  const log = new Story('log', 20);
  witness.addCheckpoint(log.request(0, 7));
  // The answer was lost; the log asks as before, learns the size, and asks for the same tree.
  const repeated = witness.addCheckpoint(log.request(0, 7));
  assert.deepEqual([repeated.status, repeated.body], [409, '7\n']);
  assert.equal(witness.addCheckpoint(log.request(7, 7)).status, 200);
});

async function listen(t: TestContext, witness: Witness): Promise<string> {
  const server = witnessServer(witness);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('of two checkpoints that race to the witness, at most one path of history is signed', async (t) => {
  const witness = newWitness(folderFor(t), logKey.key);
  const url = await listen(t, witness);
  const log = new Story('log', 40);
  const fork = new Story('fork', 40, { story: 'log', upTo: 10 });
  witness.addCheckpoint(log.request(0, 10));
  const ask = (body: Uint8Array): Promise<number> =>
    fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) }).then(
      (response) => response.status,
    );
  const statuses = await Promise.all(
    Array.from({ length: 40 }, (_, i) => ask((i % 2 === 0 ? log : fork).request(10, 11 + (i % 20)))),
  );
  assert.equal(statuses.filter((status) => status === 200).length, 1);
  assert.ok(statuses.every((status) => status === 200 || status === 409));
});

test('the client asks witnesses together, learns sizes, merges what verifies and names who failed', async (t) => {
  const first = newWitness(folderFor(t), logKey.key);
  const second = newWitness(folderFor(t), logKey.key);
  const stranger = newWitness(folderFor(t));
  const witnesses: PolicyWitness[] = [
    { name: 'first', key: first.key, url: await listen(t, first) },
    { name: 'second', key: second.key, url: `${await listen(t, second)}/` },
    { name: 'stranger', key: stranger.key, url: await listen(t, stranger) },
    { name: 'gone', key: stranger.key, url: 'http://127.0.0.1:1' },
    // Answers for the first one's key, with another key.
    { name: 'impostor', key: first.key, url: await listen(t, newWitness(folderFor(t), logKey.key)) },
  ];
  const log = new Story('log', 300);
  second.addCheckpoint(log.request(0, 100));
  const client = new WitnessClient(witnesses);
  for (const size of [120, 257]) {
    const outcomes = await client.cosign(log.offer(size));
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['cosigned', 'cosigned', 'failed', 'failed', 'failed'],
    );
    const signatures = outcomes.flatMap((outcome) =>
      outcome.kind === 'cosigned' ? [outcome.signature] : [],
    );
    const note = { text: log.text(size), signatures: [signedBy(log.text(size), logKey), ...signatures] };
    assert.equal(verifyNote(note, [logKey.key, first.key, second.key], nodePrimitives).length, 3);
  }
  const seen = await readWitnessed(witnesses[0] as PolicyWitness, logKey.key);
  assert.equal(seen?.size, 257);
  const none = await readWitnessed({ ...(witnesses[2] as PolicyWitness) }, logKey.key);
  assert.equal(none, undefined);
  // A log that comes back smaller is told, and does not ask for a signature.
  const [rolledBack] = await client.cosign(new Story('log', 300).offer(50));
  assert.ok(rolledBack?.kind === 'failed' && /knows 257/.test(rolledBack.reason));
});

test('what a witness serves to readers carries both signatures', async (t) => {
  const folder = folderFor(t);
  const witness = newWitness(folder, logKey.key);
  const url = await listen(t, witness);
  const path = monitoringPath(sha256Into, logKey.key.name);
  assert.equal((await fetch(`${url}/${path}`)).status, 404);
  witness.addCheckpoint(new Story('log', 9).request(0, 9));
  const note = new Uint8Array(await (await fetch(`${url}/${path}`)).arrayBuffer());
  assert.equal(openCheckpoint(note, logKey.key, nodePrimitives).size, 9);
  assert.equal(verifyNote(parseNote(note), [logKey.key, witness.key], nodePrimitives).length, 2);
  assert.equal((await fetch(`${url}/../../etc/passwd`)).status, 404);
  assert.equal(
    (await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.alloc(200_000) })).status,
    413,
  );
  // A copy of the folder is a second witness under one name; each alone still refuses a fork of what it saw.
  const copy = folderFor(t);
  cpSync(join(folder, 'logs'), join(copy, 'logs'), { recursive: true });
  assert.deepEqual(readFileSync(join(copy, 'logs', path)), readFileSync(join(folder, 'logs', path)));
});
