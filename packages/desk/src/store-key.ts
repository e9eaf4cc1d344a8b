/**
 * Where the key comes from that opens the vault's store. Chosen at the first start and written down beside the store;
 * a passphrase is asked for at every start of the desk and never written anywhere.
 */
import { argon2, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '@counterfoil/server';
import { writeWhole } from './data-folder.ts';

const kinds = ['file', 'passphrase', 'credential'] as const;
export type StoreKeyKind = (typeof kinds)[number];

const KEY_BYTES = 32;
/** About a third of a second on a small machine, for every guess (RFC 9106, the second recommended option). */
const ARGON2ID = { memory: 65_536, passes: 3, parallelism: 4 } as const;
/** Name of the systemd credential: `LoadCredentialEncrypted=counterfoil-store:…`. */
const CREDENTIAL = 'counterfoil-store';

export interface StoreKey {
  readonly kind: StoreKeyKind;
  /** Said at every start where the key gives little. */
  readonly warning: string | null;
  /** A copy of the key, which the taker fills with zeros. */
  readonly take: () => Buffer;
}

interface About {
  /** The vault's part of the data folder. */
  readonly folder: string;
  /** What the command line asks for, if it does. */
  readonly asked: StoreKeyKind | undefined;
  readonly credentials: string | undefined;
  /** Asks for the passphrase; the answer is filled with zeros here. */
  readonly askPassphrase: () => Promise<Uint8Array>;
}

interface Written {
  readonly kind: StoreKeyKind;
  readonly salt: string | null;
}

export function isStoreKeyKind(word: string): word is StoreKeyKind {
  return kinds.some((kind) => kind === word);
}

/** Rejects with `StartError` where the key is not to be had. */
export async function openStoreKey(about: About): Promise<StoreKey> {
  const { kind, salt } = remembered(about);
  if (kind === 'file') {
    const warning = 'The key of the vault’s store lies beside it in a file: fit for simulated money only.';
    return { kind, warning, take: () => fileKey(join(about.folder, 'paper.kek')) };
  }
  const key =
    kind === 'passphrase'
      ? await passphraseKey(await about.askPassphrase(), Buffer.from(salt ?? '', 'hex'))
      : credentialKey(about.credentials);
  return { kind, warning: null, take: () => Buffer.from(key) };
}

/** What was chosen at the first start; another choice later would lock the store for good. */
function remembered({ folder, asked }: About): Written {
  const path = join(folder, 'store-key.json');
  if (existsSync(path)) {
    const written = JSON.parse(readFileSync(path, 'utf8')) as Written;
    if (asked === undefined || asked === written.kind) return written;
    throw refused(
      `This vault's store opens by ${written.kind}, not by ${asked}.`,
      'Start without --store-key.',
    );
  }
  const isNew = !existsSync(join(folder, 'paper.store'));
  const kind = asked ?? 'file';
  if (!isNew && kind !== 'file')
    throw refused('This vault’s store opens by its key file.', 'Name another --home for a new vault.');
  const written = { kind, salt: kind === 'passphrase' ? randomBytes(16).toString('hex') : null };
  if (isNew) writeWhole(path, `${JSON.stringify(written)}\n`);
  return written;
}

function refused(what: string, todo: string): StartError {
  return new StartError('store-key-unavailable', [what, 'Nothing was started and no order was sent.', todo]);
}

function fileKey(path: string): Buffer {
  if (!existsSync(path)) writeWhole(path, randomBytes(KEY_BYTES));
  return readFileSync(path);
}

function credentialKey(folder: string | undefined): Buffer {
  const path = folder === undefined ? null : join(folder, CREDENTIAL);
  const key = path === null || !existsSync(path) ? null : readFileSync(path);
  if (key?.length === KEY_BYTES) return key;
  throw refused(
    `There is no systemd credential ${CREDENTIAL} of ${KEY_BYTES} bytes.`,
    `Give the unit LoadCredentialEncrypted=${CREDENTIAL}:FILE.`,
  );
}

function passphraseKey(passphrase: Uint8Array, nonce: Buffer): Promise<Buffer> {
  if (passphrase.length === 0) throw refused('The passphrase is empty.', 'Start again and type it.');
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: passphrase, nonce, tagLength: KEY_BYTES, ...ARGON2ID }, (error, key) => {
      passphrase.fill(0);
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
