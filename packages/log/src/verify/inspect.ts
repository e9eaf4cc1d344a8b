/** `counterfoil log inspect`: what anybody can see of a log, recomputed from its entries. */
import { parseCheckpoint } from '../library/checkpoint.ts';
import { CompactRange } from '../library/compact-range.ts';
import { type ControlLeaf, decodeControlLeaf, isControlLeaf } from '../library/control-leaf.ts';
import { LogError } from '../library/error.ts';
import { TreeHasher } from '../library/hashing.ts';
import { isPrivateLeaf } from '../library/leaf.ts';
import { parseNote } from '../library/note.ts';
import { equalBytes, hexOf } from '../library/primitives.ts';
import { sha256Into } from '../node.ts';
import { openLogSource, publishedEntries } from '../published/log-source.ts';

export interface Inspection {
  readonly origin: string;
  readonly size: number;
  /** The checkpoint's root, hex. */
  readonly root: string;
  /** Whether the entries have that root. */
  readonly rootMatches: boolean;
  readonly privateLeaves: number;
  readonly otherEntries: number;
  /** Public leaves with their indexes. */
  readonly control: readonly { readonly index: number; readonly leaf: ControlLeaf }[];
  /** Key names that signed the checkpoint; no signature is verified here. */
  readonly signers: readonly string[];
}

/** `log` is the public folder or the URL of a log. */
export async function inspectLog(log: string): Promise<Inspection> {
  const source = openLogSource(log);
  const bytes = await source.read('checkpoint');
  if (bytes === undefined)
    throw new LogError('bad-checkpoint', `${log} has no checkpoint; is it a published log?`);
  const note = parseNote(bytes);
  const { origin, size, root } = parseCheckpoint(note.text);
  const range = new CompactRange(new TreeHasher(sha256Into));
  const control: { index: number; leaf: ControlLeaf }[] = [];
  let privateLeaves = 0;
  for await (const entries of publishedEntries(source, size)) {
    for (const entry of entries) {
      if (isPrivateLeaf(entry)) privateLeaves += 1;
      else if (isControlLeaf(entry)) control.push({ index: range.size, leaf: decodeControlLeaf(entry) });
      range.append(entry);
    }
  }
  return {
    origin,
    size,
    root: hexOf(root),
    rootMatches: equalBytes(range.root(), root),
    privateLeaves,
    otherEntries: size - privateLeaves - control.length,
    control,
    signers: note.signatures.map((signature) => signature.name),
  };
}
