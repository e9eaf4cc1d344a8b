/** Vector files of `vectors/log`, and the fixed keys of their source notes. */
import { readFileSync } from 'node:fs';

export function readVectors<T>(name: string): T {
  const text = readFileSync(new URL(`../../../vectors/log/${name}.json`, import.meta.url), 'utf8');
  // The files are part of the repository and their shape is stated at each use.
  return JSON.parse(text) as T;
}

export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
