import assert from 'node:assert/strict';
import { type Duplex, Transform, duplexPair } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { type ConnectionId, userId, venueId } from '@counterfoil/vocabulary';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { Authority } from './_authority.ts';
import { floodedDoor } from './_flooded-door.ts';
import { hostileSwitch } from './_hostile-switch.ts';
import { plant } from './_planted-build.ts';
import { folderFor, gateFile } from './_programs.ts';
import { type RunningVault, startVault } from './_vault.ts';
import { Venue, binanceKey } from './_venue.ts';

const HOST = '127.0.0.1';
const venueName = venueId.parse('paper');

type Change = Parameters<typeof plant>[2];

/** The built gate with these places changed, one after the other. */
async function changed(t: TestContext, changes: readonly Change[]): Promise<string> {
  let file = await gateFile();
  for (const change of changes) file = plant(folderFor(t), file, change);
  return file;
}

interface Scene {
  readonly venue: Venue;
  readonly authority: Authority;
  readonly vault: RunningVault;
  /** What came of asking the venue for a key's permissions: the answer's kind, or the refusal. */
  readonly check: () => Promise<string>;
}

type Carry = (stream: Duplex, about: Pick<Scene, 'venue' | 'authority'>) => void;

/** A real gate whose venue is reached through `carry`. */
async function startScene(t: TestContext, carry: Carry, changes: readonly Change[] = []): Promise<Scene> {
  const venue = new Venue();
  const authority = new Authority();
  const atDoor = hostileSwitch((stream) => carry(stream, { venue, authority }));
  const vault = await startVault(t, {
    venues: [{ venue: venueName, host: HOST, port: 7341, caPem: authority.certificate }],
    builder: true,
    atDoor,
    gateFile: await changed(t, changes),
  });
  const caller = await vault.caller();
  const ask = async (intent: Intent): Promise<GateResult> =>
    (await caller.call((id) => ({ id, intent }))).result;
  const key = { user: userId.parse('demo'), venue: venueName, label: '', viewRecipient: null };
  const made = await ask({ kind: 'keyGenerate', assertion: null, ...key, type: 'ed25519' });
  assert.ok(made.kind === 'key');
  const connection: ConnectionId = made.connection;
  return {
    venue,
    authority,
    vault,
    check: async () => {
      const result = await ask({ kind: 'keyCheck', connection, apiKeyId: 'K'.repeat(64) });
      return result.kind === 'refused' ? result.code : result.kind;
    },
  };
}

const honest: Carry = (stream, { venue, authority }) => venue.serve(stream, authority.issue(HOST));

test('a switch that carries bytes as they are is all that a gate needs', async (t) => {
  const { check, venue } = await startScene(t, honest);
  assert.equal(await check(), 'permissions');
  assert.deepEqual(
    venue.seen.map(({ path }) => path),
    ['/sapi/v1/account/apiRestrictions'],
  );
});

const verified = 'rejectUnauthorized: true';

interface Impostor {
  readonly what: string;
  readonly carry: Carry;
  /** The gate without the one check that this impostor fails. */
  readonly weakened: Change;
}

const impostors: readonly Impostor[] = [
  {
    what: 'a certificate of another authority',
    carry: (stream, { venue }) => venue.serve(stream, new Authority().issue(HOST)),
    weakened: { from: verified, to: 'rejectUnauthorized: false' },
  },
  {
    what: 'a certificate for another host',
    carry: (stream, { venue, authority }) => venue.serve(stream, authority.issue('127.0.0.2')),
    weakened: { from: verified, to: `${verified}, checkServerIdentity: () => void 0` },
  },
  {
    what: 'an expired certificate',
    carry: (stream, { venue, authority }) => venue.serve(stream, authority.issue(HOST, true)),
    // OpenSSL checks names and dates in one step, so the twin takes exactly the one error.
    weakened: {
      from: /rejectUnauthorized: true\s*\}\);/u,
      to: `rejectUnauthorized: false }).on("secureConnect", function () {
        if (this.authorizationError !== "CERT_HAS_EXPIRED") this.destroy();
      });`,
    },
  },
];

for (const { what, carry, weakened } of impostors) {
  test(`whoever stands between with ${what} sees no request, and sees one where the gate does not check it`, async (t) => {
    const guarded = await startScene(t, carry);
    assert.equal(await guarded.check(), 'venue-silent');
    assert.deepEqual(guarded.venue.seen, []);
    assert.equal(guarded.vault.gate.exitCode, null);
    const open = await startScene(t, carry, [weakened]);
    assert.equal(await open.check(), 'permissions');
    assert.equal(open.venue.seen.length, 1);
  });
}

/** Passes bytes on and keeps a copy. */
function kept(stream: Duplex, copy: { readonly asked: Buffer[]; readonly said: Buffer[] }): Duplex {
  const [ours, venueSide] = duplexPair();
  const keep = (chunks: Buffer[]): Transform =>
    new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        chunks.push(Buffer.from(chunk));
        done(null, chunk);
      },
    });
  stream.pipe(keep(copy.asked)).pipe(ours);
  ours.pipe(keep(copy.said)).pipe(stream);
  stream.on('error', () => ours.destroy());
  stream.once('close', () => ours.destroy());
  ours.on('error', () => stream.destroy());
  return venueSide;
}

/** Records the first connection; then plays the venue's side to the gate, and the gate's side to the venue. */
async function replay(t: TestContext, isPlain: boolean) {
  const copy = { asked: [] as Buffer[], said: [] as Buffer[] };
  let isRecorded = false;
  const toVenue: Carry = (stream, about) =>
    isPlain ? about.venue.servePlain(stream) : honest(stream, about);
  const scene = await startScene(
    t,
    (stream, about) => {
      if (!isRecorded) return toVenue(kept(stream, copy), about);
      stream.once('data', () => stream.write(Buffer.concat(copy.said)));
    },
    isPlain
      ? [{ from: 'this.#dial = (to) => connect2(', to: 'this.#dial = (to) => ((o) => o.socket)(' }]
      : [],
  );
  // One connection for each request, so that the second one can be another.
  scene.venue.send = (response, text) => response.setHeader('Connection', 'close').end(text);
  assert.equal(await scene.check(), 'permissions');
  isRecorded = true;
  // What the venue would say by now.
  scene.venue.binance = { ...binanceKey, enableWithdrawals: true };
  const again = await scene.check();
  const [ours, venueSide] = duplexPair();
  toVenue(venueSide, scene);
  const over = new Promise((resolve) => ours.once('close', resolve).once('end', resolve));
  ours.on('error', () => {}).resume();
  ours.write(Buffer.concat(copy.asked));
  await over;
  return { again, requests: scene.venue.seen.length };
}

test('a replayed connection tells neither the gate nor the venue anything', async (t) => {
  assert.deepEqual(await replay(t, false), { again: 'venue-silent', requests: 1 });
});

test('a gate that speaks without TLS believes an old answer, and its request can be sent again', async (t) => {
  assert.deepEqual(await replay(t, true), { again: 'permissions', requests: 2 });
});

/** The bound on an answer's time, shortened so that a test can wait for it, and taken away. */
const shortly: Change = { from: /ANSWER_MS_MAX2 = 1e4/u, to: 'ANSWER_MS_MAX2 = 700' };
const never: Change = { from: /ANSWER_MS_MAX2 = 1e4/u, to: 'ANSWER_MS_MAX2 = 2e9' };

/** Passes a few bytes at a time on, from the venue to the gate. */
const dripping: Carry = (stream, { venue, authority }) => {
  const [ours, venueSide] = duplexPair();
  venue.serve(venueSide, authority.issue(HOST));
  const drip = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let at = 0;
      const timer = setInterval(() => {
        if (this.destroyed) return clearInterval(timer);
        this.push(chunk.subarray(at, (at += 16)));
        if (at < chunk.length) return;
        clearInterval(timer);
        done();
      }, 30);
    },
  });
  stream.pipe(ours);
  ours.pipe(drip).pipe(stream);
  for (const one of [stream, ours, drip]) one.on('error', () => {});
  stream.once('close', () => {
    ours.destroy();
    drip.destroy();
  });
};

test('an answer that arrives a few bytes at a time is given up, and waited for where time has no bound', async (t) => {
  const guarded = await startScene(t, dripping, [shortly]);
  assert.equal(await guarded.check(), 'venue-silent');
  const open = await startScene(t, dripping, [never]);
  assert.equal(await open.check(), 'permissions');
});

test('a stream that nobody answers is given up', async (t) => {
  const { check, vault } = await startScene(t, (stream) => void stream.resume(), [shortly]);
  assert.equal(await check(), 'venue-silent');
  assert.equal(vault.gate.exitCode, null);
});

const MEGABYTE = 1_048_576;

/** Sends spaces until the gate has enough or `bytes` are sent, then the answer. How many the gate let through. */
function flooding(bytes: number): { readonly send: Venue['send']; readonly sent: () => number } {
  const chunk = Buffer.alloc(65_536, ' ');
  let sent = 0;
  return {
    sent: () => sent,
    send: (response, text) => {
      const more = (error?: Error | null): void => {
        // A line that was cut refuses what is written, some time before the answer knows of it: that was not sent.
        if (response.destroyed || (error !== undefined && error !== null)) return;
        if (sent >= bytes) return void response.end(text);
        sent += chunk.length;
        response.write(chunk, more);
      };
      more();
    },
  };
}

test('an answer that does not end is cut at a megabyte, and swallowed whole where it has no bound', async (t) => {
  const few = flooding(64 * MEGABYTE);
  const guarded = await startScene(t, honest);
  guarded.venue.send = few.send;
  assert.equal(await guarded.check(), 'venue-silent');
  // What is under way on the door and in buffers of both ends comes on top.
  assert.ok(few.sent() < 8 * MEGABYTE, `${few.sent()} bytes`);
  const all = flooding(64 * MEGABYTE);
  const open = await startScene(t, honest, [
    { from: 'ANSWER_BYTES_MAX = 1048576', to: 'ANSWER_BYTES_MAX = 2e9' },
  ]);
  open.venue.send = all.send;
  assert.equal(await open.check(), 'permissions');
  assert.ok(all.sent() >= 64 * MEGABYTE);
});

test('headers that do not end are cut, and read where they have no bound', async (t) => {
  const long: Venue['send'] = (response, text) => {
    for (let i = 0; i < 100; i++) response.setHeader(`X-${i}`, 'x'.repeat(1_000));
    response.end(text);
  };
  const guarded = await startScene(t, honest);
  guarded.venue.send = long;
  assert.equal(await guarded.check(), 'venue-silent');
  const open = await startScene(t, honest, [
    { from: 'agent: this.#agent,', to: 'agent: this.#agent, maxHeaderSize: 2e9,' },
  ]);
  open.venue.send = long;
  assert.equal(await open.check(), 'permissions');
});

/** How many of 2,000 streams that were opened at once a gate holds when it has seen the last. */
async function flooded(t: TestContext, changes: readonly Change[]): Promise<number> {
  const door = floodedDoor();
  const gate = await changed(t, changes);
  const vault = await startVault(t, { builder: false, atDoor: door.atDoor, gateFile: gate });
  const caller = await vault.caller();
  door.flood(2_000);
  // Asked through the same door, so answered after every one was looked at.
  const { result } = await caller.call((id) => ({ id, intent: { kind: 'head' } }));
  assert.equal(result.kind, 'head');
  assert.equal(vault.gate.exitCode, null);
  return door.held();
}

test('of a flood of streams the gate holds as many as its cap and goes on, and all of them without one', async (t) => {
  const held = await flooded(t, []);
  assert.ok(held <= 512, `${held} held`);
  const all = await flooded(t, [{ from: 'STREAMS_MAX = 512', to: 'STREAMS_MAX = 1e9' }]);
  assert.ok(all > 512, `${all} held`);
});
