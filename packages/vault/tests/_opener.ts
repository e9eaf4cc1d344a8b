/**
 * Opens what stands on its standard input with the way of opening that its first argument names, fills the plain text
 * with zeros and stands still, so that nothing is written over what is left in memory. Input: key, nonce, sealed.
 */
import { createDecipheriv } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { gcmOpen } from '../src/gate/aes-gcm.ts';

const TAG = 16;
const input = readFileSync(0);
const key = input.subarray(0, 32);
const nonce = input.subarray(32, 44);
const sealed = input.subarray(44);

function decipher(): Buffer {
  const opening = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  opening.setAuthTag(sealed.subarray(-TAG));
  const plain = opening.update(sealed.subarray(0, -TAG));
  opening.final();
  return plain;
}

(process.argv[2] === 'gate' ? gcmOpen(key, nonce, Buffer.alloc(0), sealed) : decipher()).fill(0);
writeSync(1, 'opened\n');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
