/**
 * Public leaves about the log and the vault themselves: `"VC" 01 00`, then text, a line with the kind and lines
 * `name value`. Anybody can read them, and a watcher on another device does.
 */
import { LogError } from './error.ts';
import { concatBytes, equalBytes, utf8 } from './primitives.ts';

const MAGIC = Uint8Array.of(0x56, 0x43, 0x01, 0x00);
/** The longest one, a witness policy of a hundred lines, is half of this. */
export const CONTROL_LEAF_BYTES_MAX = 16_384;

const KINDS = [
  /** First leaf of every log: its origin and key, and the hash of the vault's public key. */
  'genesis',
  /** A log that could not go on was continued here. */
  'successor',
  'log-key',
  'witness-policy',
  'vault-release',
  'canaries',
  'timestamp',
  'owner',
  /** An owner's limit is about to become looser. */
  'loosening',
  'freeze',
  'thaw',
  'rotation',
  'destruction',
] as const;
export type ControlKind = (typeof KINDS)[number];

export interface ControlLeaf {
  readonly kind: ControlKind;
  /** Names and values in order; a name may repeat. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
/** One line of printable text. */
const VALUE = /^[^\p{Cc}\u2028\u2029]+$/u;

export function encodeControlLeaf(leaf: ControlLeaf): Uint8Array {
  const lines = leaf.fields.map(([name, value]) => {
    if (!NAME.test(name) || !VALUE.test(value))
      throw new LogError('bad-leaf', `control field ${name} is not one line`);
    return `${name} ${value}\n`;
  });
  const entry = concatBytes(MAGIC, utf8(`${leaf.kind}\n${lines.join('')}`));
  if (entry.length > CONTROL_LEAF_BYTES_MAX)
    throw new LogError('bad-leaf', `control leaf of ${entry.length} bytes`);
  return entry;
}

export function isControlLeaf(entry: Uint8Array): boolean {
  return equalBytes(entry.subarray(0, 4), MAGIC);
}

export function decodeControlLeaf(entry: Uint8Array): ControlLeaf {
  if (!isControlLeaf(entry) || entry.length > CONTROL_LEAF_BYTES_MAX)
    throw new LogError('bad-leaf', 'not a control leaf');
  const text = decodeText(entry.subarray(4));
  const [kindText, ...lines] = text.slice(0, -1).split('\n');
  const kind = KINDS.find((known) => known === kindText);
  if (kind === undefined || !text.endsWith('\n'))
    throw new LogError('bad-leaf', 'control leaf of an unknown kind');
  const fields = lines.map((line): [string, string] => {
    const space = line.indexOf(' ');
    const [name, value] = [line.slice(0, Math.max(space, 0)), line.slice(space + 1)];
    if (!NAME.test(name) || !VALUE.test(value))
      throw new LogError('bad-leaf', 'malformed line in a control leaf');
    return [name, value];
  });
  return { kind, fields };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new LogError('bad-leaf', 'control leaf is not UTF-8', { cause });
  }
}

/** First value of a field. */
export function controlField(leaf: ControlLeaf, name: string): string | undefined {
  return leaf.fields.find(([known]) => known === name)?.[1];
}
