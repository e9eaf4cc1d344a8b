/** The peers' identities, which the desk keeps in the data folder. */
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Identity, identityOf, newIdentity } from '@counterfoil/wire';
import { writeWhole } from './data-folder.ts';

/** A peer's own key pair, made once. */
export function peerIdentity(path: string): Identity {
  if (!existsSync(path)) {
    writeWhole(path, newIdentity().key.export({ type: 'pkcs8', format: 'pem' }));
  }
  return identityOf(createPrivateKey(readFileSync(path)));
}
