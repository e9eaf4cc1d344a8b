import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { formatVerifierKey, parseVerifierKey } from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import { type ServedWitness, addWitnessedLog, createWitness, serveWitness } from '@counterfoil/log/witness';
import type { GateResult } from '@counterfoil/vocabulary/protocol';
import { type PaperKey, startPaperKey } from './_paper-key.ts';
import { bundle, plant } from './_planted-build.ts';
import { ending, folderFor, gateFile } from './_programs.ts';

interface Change {
  readonly from: string | RegExp;
  readonly to: string;
}

interface Witnessed {
  readonly key: PaperKey;
  readonly witness: () => ServedWitness;
  /** Serves the witness again where it was. */
  readonly serveAgain: () => Promise<void>;
}

/** A vault whose log one witness must cosign; `inGate` and `inJournal` are changed places of the programs. */
async function witnessed(t: TestContext, inGate?: Change, inJournal?: Change): Promise<Witnessed> {
  const folder = folderFor(t);
  const home = join(folder, 'witness');
  createWitness(home, 'w1.example');
  let served: ServedWitness | undefined;
  const witness = (): ServedWitness => {
    assert.ok(served !== undefined);
    return served;
  };
  t.after(() =>
    witness()
      .close()
      .catch(() => undefined),
  );
  const serve = async (port: number): Promise<void> => {
    served = await serveWitness(home, port, '127.0.0.1', Date.now);
  };
  const whole = await bundle(folder, 'packages/log/src/journal/main.ts');
  // A vault that waits half a minute is right, and too slow to watch.
  const hasty = plant(folder, whole, { from: 'WITNESSED_MS_MAX = 3e4', to: 'WITNESSED_MS_MAX = 300' });
  const key = await startPaperKey(t, {
    journalFile: inJournal === undefined ? hasty : plant(folder, hasty, inJournal),
    ...(inGate === undefined ? {} : { gateFile: plant(folderFor(t), await gateFile(), inGate) }),
    witnesses: async (logKey) => {
      addWitnessedLog(home, parseVerifierKey(sha256Into, logKey));
      await serve(0);
      return `witness w1 ${formatVerifierKey(witness().key)} ${witness().url}\nquorum w1\n`;
    },
  });
  return { key, witness, serveAgain: () => serve(Number(new URL(witness().url).port)) };
}

function said(result: GateResult): string {
  return result.kind === 'refused' ? result.code : result.kind;
}

test('the first use of a key waits for the witnesses of the log; an ordinary order does not', async (t) => {
  const { key, witness, serveAgain } = await witnessed(t);
  await witness().close();
  assert.equal(said(await key.check()), 'unwitnessed');
  assert.equal(said(await key.order(1)), 'key-not-bound');
  assert.equal(said(await key.check()), 'unwitnessed');
  await serveAgain();
  let answer = said(await key.check());
  while (answer === 'unwitnessed') answer = said(await key.check());
  assert.equal(answer, 'permissions');
  await witness().close();
  assert.equal(said(await key.order(1)), 'use');
});

test('a gate that does not wait uses a key that no witness saw sealed', async (t) => {
  const { key, witness } = await witnessed(t, {
    from: 'await vault.logbook.witnessed(await chain2.sealIndex)',
    to: 'await chain2.sealIndex',
  });
  await witness().close();
  assert.equal(said(await key.check()), 'permissions');
});

/** A journal that answers at once, with what no witness signed. */
const unsigned = {
  from: 'await witnessed(knownSize, AbortSignal.timeout(WITNESSED_MS_MAX)).catch(() => null)',
  to: 'journal.head().checkpoint',
};

test('a journal that shows a tree without the quorum releases nothing', async (t) => {
  const { key } = await witnessed(t, undefined, unsigned);
  assert.equal(said(await key.check()), 'unwitnessed');
});

test('a gate that does not count the cosignatures is deceived by it', async (t) => {
  const { key } = await witnessed(
    t,
    { from: 'openCosigned(checkpoint, this.#policy, nodePrimitives)', to: 'this.#open(checkpoint)' },
    unsigned,
  );
  assert.equal(said(await key.check()), 'permissions');
});

/** A journal whose witnessed tree is not proven to extend the one that the gate knows. */
const unproven = {
  from: /journal\.consistency\(knownSize, size\d*\)/u,
  to: '[new Uint8Array(32)]',
};

test('a witnessed tree that does not extend what the gate knows ends the gate', async (t) => {
  const { key } = await witnessed(t, undefined, unproven);
  await assert.rejects(key.check());
  assert.equal(await ending(key.gate), 16);
});

test('a gate that does not compare the trees takes the cosignature of another one', async (t) => {
  const compared = /(?<=#openCosigned\(answer\.checkpoint\);\n)\s*verifyConsistency\([^;]*;/u;
  const { key } = await witnessed(t, { from: compared, to: '' }, unproven);
  assert.equal(said(await key.check()), 'permissions');
});
