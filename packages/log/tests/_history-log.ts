/** A log in memory with one connection's chain, a log key and a witness, for histories that are true or forged. */
import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { type LeafPayload, encodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import {
  type ChainKeys,
  type HistoryInput,
  type HistoryReport,
  type KeyType,
  type SealedKeyName,
  type VerifierKey,
  CompactRange,
  TreeHasher,
  chainTag,
  cosignatureBlob,
  cosignedMessage,
  deriveChainKeys,
  encodeControlLeaf,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  makeVerifierKey,
  sealLeaf,
  sealTag,
  sha256,
  utf8,
  verifyHistory,
  viewKeyHash,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';

const hasher = new TreeHasher(sha256Into);

export interface TestKey {
  readonly key: VerifierKey;
  readonly secret: KeyObject;
}

/** An Ed25519 key from a name, the same in every run. */
export function testKey(name: string, type: KeyType): TestKey {
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    sha256(sha256Into, utf8(name)),
  ]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: makeVerifierKey(sha256Into, name, type, new Uint8Array(raw)), secret };
}

export const logKey = testKey('history.example/keyuse', 'ed25519');
export const witnessKey = testKey('witness.example/w1', 'cosignatureEd25519');
export const POLICY = `log ${formatVerifierKey(logKey.key)}\nwitness w1 ${formatVerifierKey(witnessKey.key)}\nquorum w1\n`;

export function signedBy(text: string, { key, secret }: TestKey, time?: number) {
  const blob =
    time === undefined
      ? new Uint8Array(sign(null, utf8(text), secret))
      : cosignatureBlob(time, sign(null, cosignedMessage(key, text, time), secret));
  return { name: key.name, keyId: key.id, blob };
}

export const START_MS = 1_767_225_600_000;
export const HOUR_MS = 3_600_000;
const BOOT = new Uint8Array(8);
export const MANDATE = new Uint8Array(16).fill(1);

type OmitChain<P> = P extends unknown ? Omit<P, 'seq' | 'prev' | 'atMs' | 'boot'> : never;
export type Body = OmitChain<LeafPayload>;

export const signBody: Extract<Body, { kind: 'sign' }> = {
  kind: 'sign',
  method: 'orderCreate',
  intentHash: new Uint8Array(16),
  clientOrderId: 'v17c3a0f0683d9bd303a597657f7bcff',
  symbol: 'BTCUSDT',
  side: 'buy',
  type: 'limit',
  amount: null,
  price: null,
  mandateHash: MANDATE,
  validMs: 5_000,
  bot: new Uint8Array(8),
  botSeq: 1,
  epoch: 0,
};

/** A connection whose leaves can be made right or wrong. */
export class TestChain {
  readonly name: SealedKeyName;
  readonly viewKey: Uint8Array;
  readonly keys: ChainKeys;
  seq = 0;
  previous: Uint8Array = new Uint8Array(32);

  constructor(apiKeyId: string, viewKey = sha256(sha256Into, utf8(`view key of ${apiKeyId}`)), epoch = 0) {
    this.name = { venue: 'paper', apiKeyId, epoch };
    this.viewKey = viewKey;
    this.keys = deriveChainKeys(nodePrimitives, viewKey);
  }

  /** The next leaf; `lie` replaces chain fields. */
  leaf(body: Body, atMs: number, lie: { seq?: number; prev?: Uint8Array } = {}): Uint8Array {
    const seq = this.seq++;
    const payload = { ...body, seq, prev: this.previous, atMs, boot: BOOT, ...lie } as LeafPayload;
    const tag = seq === 0 ? sealTag(sha256Into, this.name) : chainTag(nodePrimitives, this.keys, seq);
    const entry = sealLeaf(nodePrimitives, this.keys, tag, seq, encodeLeafPayload(payload));
    this.previous = hasher.leafHash(entry);
    return entry;
  }

  seal(atMs: number): Uint8Array {
    return this.leaf(
      {
        kind: 'seal',
        venue: 'paper',
        viewKeyHash: viewKeyHash(sha256Into, this.viewKey),
        publicKeyHash: null,
        mandateHash: MANDATE,
      },
      atMs,
    );
  }
}

export const genesisLeaf = encodeControlLeaf({ kind: 'genesis', fields: [['origin', logKey.key.name]] });

/** A cosigned checkpoint over `entries` at `atMs`. */
export function checkpointOf(entries: readonly Uint8Array[], atMs: number): Uint8Array {
  const range = new CompactRange(hasher);
  for (const entry of entries) range.append(entry);
  const text = formatCheckpoint({ origin: logKey.key.name, size: range.size, root: range.root() });
  return formatNote({
    text,
    signatures: [signedBy(text, logKey), signedBy(text, witnessKey, Math.floor(atMs / 1000))],
  });
}

/** Entries under a checkpoint that was cosigned right after the last leaf, unless `over` says otherwise. */
export function historyOf(
  entries: readonly Uint8Array[],
  chain: TestChain,
  endMs: number,
  over: Partial<HistoryInput> = {},
): HistoryInput {
  return {
    policy: { source: 'policy.txt', bytes: utf8(POLICY) },
    checkpoint: { source: 'checkpoint', bytes: checkpointOf(entries, endMs) },
    entries: [entries],
    entriesSource: 'entries',
    connection: { ...chain.name, viewKey: chain.viewKey },
    heartbeatMsMax: 25 * HOUR_MS,
    clockMsMax: 30_000,
    ...over,
  };
}

export function verifyEntries(...about: Parameters<typeof historyOf>): Promise<HistoryReport> {
  return verifyHistory(nodePrimitives, historyOf(...about));
}

/** Names of the checks that failed. */
export function failures(report: HistoryReport): string[] {
  return report.checks.filter((check) => !check.passed).map((check) => check.name);
}
