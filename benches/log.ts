// The log: durable private leaves per second, latency, proofs, whole histories, growth, and the disk beside them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syncRate } from './log/disk-sync.ts';
import { RemoteJournal, LeafMaker } from './log/gate-side.ts';
import { growthOf, opaqueRate } from './log/in-process.ts';
import { nodeHashes, opensslNodeHashes } from './log/sha-limit.ts';
import { historySeconds, inclusionRate } from './log/verify-rates.ts';
import { type Witnesses, makeWitnesses } from './log/witnesses.ts';

const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'bench-log-'));
const ms = quick ? 1_200 : 5_000;
const rounds = quick ? 2 : 5;

const say = (what: string, figure: number, unit: string): void => {
  const digits = figure >= 100 ? 0 : figure >= 10 ? 1 : 3;
  process.stdout.write(`${what.padEnd(58)} ${figure.toFixed(digits).padStart(12)} ${unit}\n`);
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Private leaves over the socket and the disk alone, in turns, because the machine is not ours alone. */
async function overTheSocket(name: string, witnesses?: Witnesses) {
  const journal = await RemoteJournal.start(join(folder, name), witnesses?.policyFile ?? '-');
  await witnesses?.serve(journal.key);
  const maker = new LeafMaker();
  await journal.run(maker, 256, ms / 2);
  const figures = [];
  for (let round = 0; round < rounds; round++) {
    const disk = await syncRate(folder, ms / 4);
    const many = await journal.run(maker, 256, ms);
    const one = await journal.run(maker, 1, ms / 2);
    const diskAfter = await syncRate(folder, ms / 4);
    figures.push({
      many,
      one,
      syncs: (disk.perSecond + diskAfter.perSecond) / 2,
      syncP50Ms: (disk.p50Ms + diskAfter.p50Ms) / 2,
    });
  }
  const resident = journal.residentBytes;
  await journal.stop();
  return {
    perSecond: median(figures.map(({ many }) => many.perSecond)),
    p50Ms: median(figures.map(({ many }) => many.p50Ms)),
    p99Ms: median(figures.map(({ many }) => many.p99Ms)),
    oneP50Ms: median(figures.map(({ one }) => one.p50Ms)),
    oneP99Ms: median(figures.map(({ one }) => one.p99Ms)),
    syncs: median(figures.map(({ syncs }) => syncs)),
    syncP50Ms: median(figures.map(({ syncP50Ms }) => syncP50Ms)),
    vsDiskSync: median(figures.map(({ many, syncs }) => many.perSecond / syncs)),
    overhead: median(figures.map(({ one, syncP50Ms }) => one.p50Ms / syncP50Ms)),
    residentMiB: resident / 2 ** 20,
  };
}

try {
  process.stdout.write(
    'Durable means: fdatasync before the checkpoint is signed, and every receipt verified by the caller.\n\n',
  );
  const alone = await overTheSocket('alone');
  say('disk: append of 512 bytes and fdatasync', alone.syncs, '/s');
  say('disk: the same, p50', alone.syncP50Ms, 'ms');
  say('private leaves over the socket, 256 in flight', alone.perSecond, '/s');
  say('  p50', alone.p50Ms, 'ms');
  say('  p99', alone.p99Ms, 'ms');
  say('  leaves per disk sync of the same minute (goal 10)', alone.vsDiskSync, '×');
  say('one in flight, p50', alone.oneP50Ms, 'ms');
  say('one in flight, p99', alone.oneP99Ms, 'ms');
  say('  against one disk sync (goal at most 2)', alone.overhead, '×');
  say('memory of the journal process', alone.residentMiB, 'MiB');

  const witnesses = await makeWitnesses(folder);
  const witnessed = await overTheSocket('witnessed', witnesses);
  witnesses.close();
  say('with three witnesses asked every second: leaves', witnessed.perSecond, '/s');
  say('  one in flight, p50', witnessed.oneP50Ms, 'ms');

  process.stdout.write('\ngrowth, in process, 512 in flight\n');
  const sizes = quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
  const growth = await growthOf(join(folder, 'growth'), sizes);
  for (const { size, perSecond, residentMiB } of growth.steps) {
    say(`  up to ${size} leaves`, perSecond, '/s');
    say('    memory', residentMiB, 'MiB');
  }
  say(`  start-up with ${growth.steps.at(-1)?.size ?? 0} leaves`, growth.reopenSeconds, 's');
  process.stdout.write('\n');

  const opaque = await opaqueRate(join(folder, 'opaque'), ms);
  say('opaque entries of 200 bytes, in process, 512 in flight', opaque, '/s');
  const native = nodeHashes();
  say('SHA-256 of a tree node, node:crypto, one per call', native, '/s');
  say('  opaque entries against that (goal 0.1)', opaque / native, '×');
  const openssl = opensslNodeHashes() ?? NaN;
  say("SHA-256 of a tree node, OpenSSL's own loop on one core", openssl, '/s');
  say('  opaque entries against that', opaque / openssl, '×');

  const inclusion = inclusionRate(ms);
  say('inclusion proofs verified, tree of a million', inclusion, '/s');
  const historyLeaves = quick ? 50_000 : 1_000_000;
  const history = await historySeconds(historyLeaves);
  say(`a history of ${historyLeaves} leaves verified`, history, 's');

  const figures = {
    private_leaves_per_s: Math.round(alone.perSecond),
    private_p99_ms: alone.p99Ms,
    one_in_flight_p50_ms: alone.oneP50Ms,
    one_in_flight_p99_ms: alone.oneP99Ms,
    opaque_512_per_s: Math.round(opaque),
    verify_inclusion_per_s: Math.round(inclusion),
    // A history takes time in proportion to its leaves; the quick run verifies a twentieth.
    verify_history_1m_s: history * (1_000_000 / historyLeaves),
    verify_history_leaves: historyLeaves,
    fdatasync_per_s: Math.round(alone.syncs),
    vs_disk_sync: alone.vsDiskSync,
    overhead_vs_one_sync: alone.overhead,
    sha_limit_share: opaque / native,
    sha_openssl_share: opaque / openssl,
    witnessed_leaves_per_s: Math.round(witnessed.perSecond),
    growth: growth.steps,
    reopen_s: growth.reopenSeconds,
  };
  process.stdout.write(`\n${JSON.stringify(figures)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
