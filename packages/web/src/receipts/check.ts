/** Receipts are checked here, in the reader's browser, by the same library that the gate and the command line use. */
import {
  type Check,
  type ReceiptReport,
  chainTag,
  checkReceipt,
  decryptLeaf,
  deriveChainKeys,
  formatProofFile,
  parseLeaf,
  parseProofFile,
  sealLeaf,
} from '@counterfoil/log';
import { browserPrimitives } from '@counterfoil/log/browser';
import { parseDecimal } from '@counterfoil/vocabulary';
import { decodeLeafPayload, encodeLeafPayload } from '@counterfoil/vocabulary/protocol';

export type { Check, ReceiptReport };

export interface ReceiptFiles {
  /** A C2SP tlog-proof with the leaf as its extra data. */
  readonly proof: Uint8Array;
  /** The log's key and witnesses, as a C2SP tlog-policy. */
  readonly policy: string;
  /** 32 bytes; null where this browser does not have it, and then the content stays closed. */
  readonly viewKey: Uint8Array | null;
}

export function runChecks({ proof, policy, viewKey }: ReceiptFiles): ReceiptReport {
  return checkReceipt(browserPrimitives, {
    receipt: { source: 'the receipt', bytes: proof },
    policy: { source: 'the log policy', bytes: new TextEncoder().encode(policy) },
    ...(viewKey === null ? {} : { viewKey: { source: 'the view key', bytes: viewKey } }),
    quorum: false,
  });
}

/**
 * The same receipt with another price in it, sealed as the vault would have sealed it: whoever has the view key can do
 * this. It opens, and reads as it was forged; what cannot be forged is its place in the signed log.
 */
export function forgePrice(proof: Uint8Array, viewKey: Uint8Array, price: string): Uint8Array {
  const file = parseProofFile(proof);
  if (file.extra === undefined) throw new Error('a receipt has its leaf');
  const keys = deriveChainKeys(browserPrimitives, viewKey);
  const payload = decodeLeafPayload(decryptLeaf(browserPrimitives, keys, parseLeaf(file.extra)));
  if (payload.kind !== 'sign') throw new Error('only the leaf of an order has a price');
  const forged = encodeLeafPayload({ ...payload, price: parseDecimal(price) });
  const tag = chainTag(browserPrimitives, keys, payload.seq);
  return formatProofFile({ ...file, extra: sealLeaf(browserPrimitives, keys, tag, payload.seq, forged) });
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}
