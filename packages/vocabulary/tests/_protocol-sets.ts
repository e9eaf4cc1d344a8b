/** Which vectors speak of which codec. A protocol without a line here has no vectors that anybody runs. */
import type { Codec } from '../src/index.ts';
import type * as Protocol from '../src/protocol/index.ts';
import { readVectors, type Vectors } from './_protocol-vectors.ts';

export interface VectorSet {
  /** In the plural, for the names of tests. */
  readonly name: string;
  /** What the codec is exported as. */
  readonly codec: keyof typeof Protocol;
  /** What errors call the message. */
  readonly root: string;
  readonly vectors: Vectors;
}

const rows = [
  ['leaf payloads', 'leafPayload', 'leaf', 'leaf-payload', ''],
  ['mandates', 'mandate', 'mandate', 'mandate', ''],
  ['approvals', 'approval', 'approval', 'approval', ''],
  ['journal requests', 'journalRequest', 'message', 'journal', 'requests'],
  ['journal answers', 'journalAnswer', 'message', 'journal', 'answers'],
  ['gate requests', 'gateRequest', 'message', 'gate', 'requests'],
  ['gate answers', 'gateAnswer', 'message', 'gate', 'answers'],
  ['builder requests', 'builderRequest', 'message', 'builder', 'requests'],
  ['builder answers', 'builderAnswer', 'message', 'builder', 'answers'],
  ['attachments', 'attachment', 'attachment', 'door', 'attachments'],
  ['lines of remote workers', 'remoteLine', 'line', 'worker-door', 'lines'],
  ['answers to remote workers', 'remoteAnswer', 'answer', 'worker-door', 'answers'],
  ['stream targets', 'streamTarget', 'target', 'door', 'targets'],
  ['unlock messages', 'unlock', 'unlock', 'door', 'unlocks'],
] as const;

export const vectorSets: readonly VectorSet[] = rows.map(([name, codec, root, file, set]) => {
  const vectors = readVectors(file)[set];
  if (vectors === undefined) throw new Error(`vectors/protocol/${file}.json has no ${set}`);
  return { name, codec, root, vectors };
});

/** The codec of a set as this or a changed copy of the protocol exports it. */
export function codecOf(protocol: typeof Protocol, { codec }: VectorSet): Codec<unknown> {
  // The rows above name exports that are codecs; what they read is compared field by field.
  return protocol[codec] as Codec<unknown>;
}
