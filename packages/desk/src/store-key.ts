/**
 * Where the key comes from that opens the vault's store. Chosen at the first start and written down beside the store;
 * a passphrase is asked for at every start of the desk and never written anywhere.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '@counterfoil/server';
import { writeWhole } from './data-folder.ts';
import { KEY_BYTES, type Wrap, unwrapKey, wrapKey } from './under-words.ts';

const kinds = ['file', 'passphrase', 'credential'] as const;
export type StoreKeyKind = (typeof kinds)[number];

/** What lies beside the store and opens it, or says how. */
export const KEY_FILES = ['paper.kek', 'store-key.json'] as const;
const [KEY_FILE, CHOICE_FILE] = KEY_FILES;
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
  /** The key under the passphrase; absent where it comes from elsewhere. */
  readonly wrap: Wrap | null;
}

export function isStoreKeyKind(word: string): word is StoreKeyKind {
  return kinds.some((kind) => kind === word);
}

/** Rejects with `StartError` where the key is not to be had. */
export async function openStoreKey(about: About): Promise<StoreKey> {
  const written = remembered(about);
  const kind = written?.kind ?? about.asked ?? 'file';
  if (kind === 'file') {
    if (written === null) remember(about.folder, { kind, wrap: null });
    const warning = 'The key of the vault’s store lies beside it in a file: fit for simulated money only.';
    return { kind, warning, take: () => fileKey(join(about.folder, KEY_FILE)) };
  }
  const key =
    kind === 'passphrase'
      ? await passphraseKey(await about.askPassphrase(), about.folder, written?.wrap ?? null)
      : credentialKey(about.credentials);
  if (written === null && kind === 'credential') remember(about.folder, { kind, wrap: null });
  return { kind, warning: null, take: () => Buffer.from(key) };
}

/** What was chosen at the first start, or null before it; another choice later would lock the store for good. */
function remembered({ folder, asked }: About): Written | null {
  const path = join(folder, CHOICE_FILE);
  if (existsSync(path)) {
    const written = JSON.parse(readFileSync(path, 'utf8')) as Written;
    if (asked === undefined || asked === written.kind) return written;
    throw refused(
      `This vault's store opens by ${written.kind}, not by ${asked}.`,
      'Start without --store-key.',
    );
  }
  if (!existsSync(join(folder, 'paper.store'))) return null;
  if (asked === undefined || asked === 'file') return { kind: 'file', wrap: null };
  throw refused('This vault’s store opens by its key file.', 'Name another --home for a new vault.');
}

function remember(folder: string, written: Written): void {
  writeWhole(join(folder, CHOICE_FILE), `${JSON.stringify(written)}\n`);
}

/**
 * Puts the key of a restored store in its place: a file again where it was one, else under the words that `recovery`
 * is wrapped by, which are its passphrase from then on. How it opens.
 */
export function keepKey(folder: string, was: StoreKeyKind, key: Uint8Array, recovery: Wrap): StoreKeyKind {
  const kind = was === 'file' ? 'file' : 'passphrase';
  if (kind === 'file') writeWhole(join(folder, KEY_FILE), key);
  remember(folder, { kind, wrap: kind === 'file' ? null : recovery });
  return kind;
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

async function passphraseKey(passphrase: Uint8Array, folder: string, wrap: Wrap | null): Promise<Buffer> {
  if (passphrase.length === 0) throw refused('The passphrase is empty.', 'Start again and type it.');
  try {
    if (wrap !== null) {
      const key = await unwrapKey(passphrase, wrap);
      if (key === null) throw refused('The passphrase is another one.', 'Start again and type it.');
      return key;
    }
    const key = randomBytes(KEY_BYTES);
    remember(folder, { kind: 'passphrase', wrap: await wrapKey(passphrase, key) });
    return key;
  } finally {
    passphrase.fill(0);
  }
}
