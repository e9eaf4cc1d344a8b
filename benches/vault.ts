/**
 * The vault beside plain ccxt: the same orders to the same local TLS venue in one run, in turns, because the machine
 * is not ours alone. Plain ccxt syncs nothing, so for the ratios the log lies in memory; the second row is a disk, and
 * in the third the gate compiles nothing at run time.
 * Run: node benches/vault.ts [--quick]
 */
import { fork, spawn } from 'node:child_process';
import { createHmac, createSecretKey, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Installation, startInstallation } from './vault/installation.ts';
import { type Load, run } from './vault/load.ts';

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 3 : 7;
const ROUND_MS = quick ? 700 : 2_000;
const IN_FLIGHT = 32;
/** Each side runs for days in use; in its first seconds most of its code is not compiled yet. */
const WARM_MS = 6_000;
const disk = tmpdir();

const here = import.meta.dirname;
const venue = spawn(process.execPath, [join(here, 'vault/venue.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(createInterface({ input: venue.stdout }), 'line')) as [string];
const { port, authority } = JSON.parse(line) as { port: number; authority: string };

type Side = (inFlight: number, ms: number) => Promise<Load>;

const children = [venue];

async function ccxt(type: 'ed25519' | 'hmac'): Promise<Side> {
  // The bench's venue has a certificate of its own; plain ccxt is spared checking it.
  const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const child = fork(join(here, 'vault/direct.ts'), [String(port), type], {
    env,
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  });
  children.push(child as typeof venue);
  await once(child, 'message');
  return async (inFlight, ms) => {
    child.send({ inFlight, ms });
    const [load] = (await once(child, 'message')) as [Load];
    return load;
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Signatures a second. */
function rate(work: () => unknown): number {
  const end = performance.now() + (quick ? 200 : 1_000);
  const start = performance.now();
  let count = 0;
  for (; performance.now() < end; count++) work();
  return count / ((performance.now() - start) / 1_000);
}

const text = Buffer.alloc(110, 's');
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const hmac = createSecretKey(Buffer.alloc(64, 's'));
const modules = join(here, '../node_modules');
const ccxtCrypto = join(modules, 'ccxt/js/src/base/functions/crypto.js');
const nobleCurve = join(modules, '@noble/curves/ed25519.js');
const { eddsa } = (await import(ccxtCrypto)) as {
  eddsa: (text: Uint8Array, secret: unknown, curve: unknown) => string;
};
const noble = (await import(nobleCurve)) as { ed25519: unknown };
const pem = ed25519.export({ type: 'pkcs8', format: 'pem' });

const vaults: Installation[] = [];
try {
  const direct = await ccxt('ed25519');
  const directHmac = await ccxt('hmac');
  const inMemory = await startInstallation({ port, authority }, '/dev/shm');
  vaults.push(inMemory);
  const onDisk = await startInstallation({ port, authority }, disk);
  vaults.push(onDisk);
  const jitless = await startInstallation({ port, authority }, '/dev/shm', 'jitless');
  vaults.push(jitless);
  const sides: Readonly<Record<string, Side>> = {
    direct,
    directHmac,
    inMemory: (inFlight, ms) => run(inMemory.place, inFlight, ms),
    onDisk: (inFlight, ms) => run(onDisk.place, inFlight, ms),
    jitless: (inFlight, ms) => run(jitless.place, inFlight, ms),
  };
  const many: Record<string, Load[]> = {};
  const one: Record<string, Load[]> = {};
  for (const side of Object.values(sides)) await side(IN_FLIGHT, WARM_MS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, side] of Object.entries(sides)) {
      (many[name] ??= []).push(await side(IN_FLIGHT, ROUND_MS));
      (one[name] ??= []).push(await side(1, ROUND_MS / 2));
    }
  }
  const of = (loads: readonly Load[] | undefined, what: keyof Load): number =>
    median((loads ?? []).map((load) => load[what]));
  // In turns, like the orders.
  const signing = Array.from({ length: ROUNDS }, () => ({
    ours: rate(() => sign(null, text, ed25519)),
    theirs: rate(() => eddsa(text, pem, noble.ed25519)),
  }));
  const figures = {
    direct_p50_ms: of(one['direct'], 'p50Ms'),
    direct_hmac_p50_ms: of(one['directHmac'], 'p50Ms'),
    vault_p50_ms: of(one['inMemory'], 'p50Ms'),
    vault_p99_ms: of(one['inMemory'], 'p99Ms'),
    overhead_p50_ms: of(one['inMemory'], 'p50Ms') - of(one['direct'], 'p50Ms'),
    orders_per_s: of(many['inMemory'], 'perSecond'),
    direct_orders_per_s: of(many['direct'], 'perSecond'),
    direct_hmac_orders_per_s: of(many['directHmac'], 'perSecond'),
    synced_p50_ms: of(one['onDisk'], 'p50Ms'),
    synced_p99_ms: of(one['onDisk'], 'p99Ms'),
    synced_orders_per_s: of(many['onDisk'], 'perSecond'),
    jitless_p50_ms: of(one['jitless'], 'p50Ms'),
    jitless_p99_ms: of(one['jitless'], 'p99Ms'),
    jitless_orders_per_s: of(many['jitless'], 'perSecond'),
    hmac_per_s: rate(() => createHmac('sha256', hmac).update(text).digest()),
    ed25519_per_s: median(signing.map(({ ours }) => ours)),
    rsa_per_s: rate(() => sign('sha256', text, rsa)),
    gate_mb: inMemory.gateMb(),
    builder_mb: inMemory.builderMb(),
    throughput_vs_ccxt: of(many['inMemory'], 'perSecond') / of(many['direct'], 'perSecond'),
    latency_vs_ccxt: of(one['inMemory'], 'p50Ms') / of(one['direct'], 'p50Ms'),
    throughput_vs_ccxt_hmac: of(many['inMemory'], 'perSecond') / of(many['directHmac'], 'perSecond'),
    ed25519_vs_ccxt: median(signing.map(({ ours, theirs }) => ours / theirs)),
  };
  process.stdout.write(
    `${IN_FLIGHT} orders in flight for throughput, one for latency; Ed25519 keys in the vault.\n\n`,
  );
  for (const [name, figure] of Object.entries(figures))
    process.stdout.write(`${name.padEnd(28)} ${figure.toFixed(figure >= 100 ? 0 : 3).padStart(10)}\n`);
  process.stdout.write(
    `${JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, Number(figure.toFixed(3))])))}\n`,
  );
} finally {
  for (const vault of vaults) await vault.stop();
  for (const child of children) child.kill();
}
process.exit(0);
