/**
 * A journal that lies about the leaf of an order, or says nothing of it: nothing is signed, and a lie ends the gate.
 * Each lie is told to a gate without the check that finds it, too, and then the order leaves.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Change, type Scene, start } from './_at-venue.ts';
import { bundle, plant } from './_planted-build.ts';
import { ending, folderFor } from './_programs.ts';

/** Leaves 0 to 2 say that log, key and reads begin; the order's comes next, and the lies with it. */
const FIRST_LIE = 3;
const LOG_FORGED = 16;

/** A real journal with one place changed. */
async function lying(t: TestContext, change: Change): Promise<string> {
  const folder = folderFor(t);
  return plant(folder, await bundle(folder, 'packages/log/src/journal/main.ts'), change);
}

async function ready(t: TestContext, lie: Change, inGate: readonly Change[] = []) {
  const scene = await start(t, 'paper', inGate, true, await lying(t, lie));
  const connection = await scene.connect('alice', 'A'.repeat(64));
  assert.equal(await scene.check(connection), 'permissions');
  return { ...scene, place: (seq: number): Promise<string> => scene.order(connection, seq) };
}

const sent = ({ venue }: Pick<Scene, 'venue'>): number =>
  venue.seen.filter(({ method }) => method === 'POST').length;

const appended = 'journal.append(request.leaves, request.knownSize)';

/** The true answer, changed in place from the order's leaf on. */
const answered = (change: string): Change => ({
  from: appended,
  to: `${appended}.then(async (receipt) => {
    const told = { ...receipt };
    if (told.index >= ${FIRST_LIE}) { ${change} }
    return told;
  })`,
});

/** A tree in which the key was never sealed, signed by the log itself, with a true proof that the leaf is in it. */
const forked: Change = {
  from: /(?<=prover\.inclusion\(first \+ offset\)\);\n\s*)resolve\(/u,
  to: `((told) => {
    if (told.index >= ${FIRST_LIE}) {
      const entries = this.read(0, told.size);
      entries[1] = new Uint8Array(340);
      const sha = (...parts) => {
        const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
        parts.forEach((part) => hash.update(part));
        return hash.digest();
      };
      const split = (count) => 2 ** Math.ceil(Math.log2(count) - 1);
      const rootOf = (list) => list.length === 1 ? sha(Uint8Array.of(0), list[0])
        : sha(Uint8Array.of(1), rootOf(list.slice(0, split(list.length))), rootOf(list.slice(split(list.length))));
      const pathOf = (at, list) => {
        if (list.length === 1) return [];
        const left = split(list.length);
        return at < left ? [...pathOf(at, list.slice(0, left)), rootOf(list.slice(left))]
          : [...pathOf(at - left, list.slice(left)), rootOf(list.slice(0, left))];
      };
      const text = formatCheckpoint({ origin: this.origin, size: told.size, root: rootOf(entries) });
      told.inclusions = leaves.map((_, offset) => pathOf(told.index + offset, entries));
      told.checkpoint = this.#note(text, []);
    }
    resolve(told);
  })(`,
};

const extension = /(?<=function verifyReceipt\([^]{0,200})verifyConsistency\([^;]*;/u;
const inclusion = /verifyNeighbours\(hasher\d*, receipt\.index[^;]*;/u;

interface Lie {
  readonly what: string;
  readonly lie: Change;
  /** The one check of the gate that finds it. */
  readonly check: Change;
}

const lies: readonly Lie[] = [
  {
    what: 'a receipt for another leaf than it was given',
    lie: {
      from: appended,
      to: `journal.append(request.knownSize < ${FIRST_LIE} ? request.leaves : request.leaves.map((leaf) => leaf.map((byte) => byte ^ 1)), request.knownSize)`,
    },
    check: { from: inclusion, to: '' },
  },
  {
    what: 'a true proof of a place beside the leaf',
    lie: answered('told.index -= 1;'),
    check: { from: inclusion, to: '' },
  },
  {
    what: 'a leaf that is in a forked tree, which the log has signed',
    lie: forked,
    check: { from: extension, to: '' },
  },
  {
    what: 'a checkpoint whose signature is another one',
    lie: answered(
      'told.checkpoint = Buffer.from(String(Buffer.from(told.checkpoint)).replace(/.{8}\\n$/u, "AAAAAAA=\\n"));',
    ),
    check: { from: /verifyNote\(parsed\d*, \[key\], signatures\);/u, to: '' },
  },
  {
    what: 'a tree that extends an older one than the gate knows',
    lie: answered('told.consistency = journal.head(request.knownSize - 1).consistency;'),
    check: { from: extension, to: '' },
  },
];

for (const { what, lie, check } of lies) {
  test(`a journal that shows ${what} ends the gate before anything is signed`, async (t) => {
    const guarded = await ready(t, lie);
    await assert.rejects(guarded.place(1));
    assert.equal(await ending(guarded.gate), LOG_FORGED);
    assert.equal(sent(guarded), 0);
  });

  test(`a gate without that check is deceived by ${what}`, async (t) => {
    const open = await ready(t, lie, [check]);
    assert.equal(await open.place(1), 'accepted');
    assert.equal(sent(open), 1);
  });
}

const DELAY_MS = 1_500;
const late = answered(`await new Promise((resolve) => setTimeout(resolve, ${DELAY_MS}));`);

test('while a journal keeps its receipt back nothing is sent, and the order leaves once it comes', async (t) => {
  const scene = await ready(t, late);
  const placing = scene.place(1);
  await pause(DELAY_MS / 2);
  assert.equal(sent(scene), 0);
  assert.equal(await placing, 'accepted');
  assert.equal(sent(scene), 1);
});

test('a gate that does not wait for the receipt sends before the leaf is proven', async (t) => {
  const hasty = {
    from: 'const { index, file } = await receipt;',
    to: 'const { index, file } = { index: 0, file: "" };',
  };
  const scene = await ready(t, late, [hasty]);
  void scene.place(1);
  await pause(DELAY_MS / 2);
  assert.equal(sent(scene), 1);
});

/** Fifty copies of one intent while its leaf is on its way, and one more after. */
async function storm(t: TestContext, inGate: readonly Change[]) {
  const scene = await ready(t, late, inGate);
  const said = await Promise.all(Array.from({ length: 50 }, () => scene.place(1)));
  said.push(await scene.place(1));
  return { said: new Set(said), sent: sent(scene) };
}

test('an intent that is asked again and again is one order', async (t) => {
  assert.deepEqual(await storm(t, []), { said: new Set(['accepted']), sent: 1 });
});

test('a gate that forgets what is under way sends it once for each time that it is asked', async (t) => {
  const forgetful = { from: /(?<=const \w+ = )uses\.pending\(intent\d*\.id\)/u, to: 'void 0' };
  assert.equal((await storm(t, [forgetful])).sent, 50);
});
