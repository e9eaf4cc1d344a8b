/** Keys that the desk keeps in the data folder: the paper store's key-encryption key, and the peers' identities. */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Identity, identityOf, newIdentity } from '@counterfoil/wire';
import { writeWhole } from './data-folder.ts';

/**
 * The key that opens the paper store, beside the store: whoever reads the folder can open it. That is fit for
 * simulated money only, which is why the live store has no such file.
 */
export function paperKek(path: string): Buffer {
  if (!existsSync(path)) writeWhole(path, randomBytes(32));
  return readFileSync(path);
}

/** A peer's own key pair, made once. */
export function peerIdentity(path: string): Identity {
  if (!existsSync(path)) {
    writeWhole(path, newIdentity().key.export({ type: 'pkcs8', format: 'pem' }));
  }
  return identityOf(createPrivateKey(readFileSync(path)));
}
