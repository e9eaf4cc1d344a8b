/** Secrets in use: one `KeyObject` each, made from a sealed record, never exported again, and never a string. */
import {
  type KeyObject,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import {
  type ClientOrderId,
  type ConnectionId,
  type VenueId,
  clientOrderId,
  connectionId,
  encodeCbor,
  toCbor,
  venueId,
} from '@counterfoil/vocabulary';
import { type IntentId, intentId } from '@counterfoil/vocabulary/protocol';
import { seal, unseal } from './seal.ts';
import type { KeyRecord, Store, StoreRecord } from './store.ts';

export interface Key {
  readonly connection: ConnectionId;
  readonly user: string;
  readonly venue: VenueId;
  type: KeyRecord['type'];
  /** SPKI, DER; null where there is no public half. */
  publicKey: Uint8Array | null;
  secret: KeyObject;
  readonly idKey: KeyObject;
  /** Reads this connection's leaves; can never sign. */
  readonly viewKey: Uint8Array;
  /** Whether the secret existed outside the vault before. */
  pasted: boolean;
  /** The venue's id of the key, once bound. */
  apiKeyId: Buffer | null;
  /** The id that the key had first: its chain begins with it, whichever key signs since. */
  firstApiKeyId: Buffer | null;
}

/** What of a key is another's after a rotation. */
type Successor = Pick<Key, 'type' | 'publicKey' | 'secret' | 'pasted'>;

/** Whose a new key is. */
interface About {
  readonly user: string;
  readonly venue: VenueId;
  readonly label: string;
}

const purpose = (connection: string, what: 'secret' | 'successor' | 'keys' | 'api-key-id'): string =>
  `${connection}/${what}`;

/** The shortest RSA key that a venue of ours takes; longer ones sign several times slower. */
const RSA_BITS = 2_048;

interface Pair {
  readonly publicKey: KeyObject;
  /** PKCS#8; whoever takes it fills it with zeros. */
  readonly secret: Buffer;
}

/** Bytes instead of key objects: of those even the public one would keep the secret half until it is collected. */
const AS_BYTES = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const;

function pairOf(publicKey: Buffer, secret: Buffer): Pair {
  return { publicKey: createPublicKey({ key: publicKey, format: 'der', type: 'spki' }), secret };
}

function makeEd25519(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', AS_BYTES);
  return pairOf(publicKey, privateKey);
}

function makeRsa(): Promise<Pair> {
  return new Promise((resolve, reject) =>
    generateKeyPair('rsa', { modulusLength: RSA_BITS, ...AS_BYTES }, (error, publicKey, privateKey) =>
      error === null ? resolve(pairOf(publicKey, privateKey)) : reject(error),
    ),
  );
}

export class Keyring {
  readonly #kek: Uint8Array;
  readonly #store: Store;
  readonly #fingerprintKey: KeyObject;
  readonly #keys = new Map<string, Key>();
  /** Whose every key is that was ever bound here, by fingerprint: it outlives the key. */
  readonly #owners = new Map<string, string>();
  readonly #successors = new Map<string, Successor>();
  readonly #locked = new Map<string, boolean>();
  #making: Promise<unknown> = Promise.resolve();

  /** Opens every sealed key of the store. Throws where the key-encryption key is another one. */
  constructor(kek: Uint8Array, store: Store, fingerprintKey: KeyObject) {
    this.#kek = kek;
    this.#store = store;
    this.#fingerprintKey = fingerprintKey;
    for (const record of store.records) {
      if (record.kind === 'key') this.#open(record);
      if (record.kind === 'successor') this.#openSuccessor(record);
      if (record.kind === 'bound' || record.kind === 'promoted') this.#openBound(record);
      if (record.kind === 'locked') this.#locked.set(record.connection, record.ipAllowList);
      if (record.kind === 'destroyed') this.#keys.delete(record.connection);
    }
  }

  #open(record: KeyRecord): Key {
    const bytes = unseal(this.#kek, record.secret, purpose(record.connection, 'secret'));
    const secret =
      record.type === 'hmac'
        ? createSecretKey(bytes)
        : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
    bytes.fill(0);
    const both = unseal(this.#kek, record.viewAndIdKeys, purpose(record.connection, 'keys'));
    const key: Key = {
      connection: connectionId.parse(record.connection),
      user: record.user,
      venue: venueId.parse(record.venue),
      type: record.type,
      publicKey: record.publicKey,
      secret,
      viewKey: Uint8Array.prototype.slice.call(both, 0, 32),
      idKey: createSecretKey(both.subarray(32)),
      pasted: record.pasted ?? false,
      apiKeyId: null,
      firstApiKeyId: null,
    };
    both.fill(0);
    this.#keys.set(key.connection, key);
    return key;
  }

  #openSuccessor({
    connection,
    type,
    publicKey,
    secret,
  }: Extract<StoreRecord, { kind: 'successor' }>): Successor {
    const der = unseal(this.#kek, secret, purpose(connection, 'successor'));
    const successor = {
      type,
      publicKey,
      secret: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
      pasted: false,
    };
    der.fill(0);
    this.#successors.set(connection, successor);
    return successor;
  }

  #openBound({
    kind,
    connection,
    apiKeyId,
    fingerprint,
  }: Extract<StoreRecord, { kind: 'bound' | 'promoted' }>): void {
    const key = this.#keys.get(connection);
    if (key === undefined) return;
    if (kind === 'promoted') this.#succeed(key);
    key.apiKeyId = unseal(this.#kek, apiKeyId, purpose(connection, 'api-key-id'));
    key.firstApiKeyId ??= key.apiKeyId;
    const print = fingerprint ?? this.#fingerprint(key.venue, key.apiKeyId);
    this.#owners.set(Buffer.from(print).toString('hex'), key.user);
  }

  #succeed(key: Key): void {
    Object.assign(key, this.#successors.get(key.connection));
    this.#successors.delete(key.connection);
  }

  #fingerprint(venue: string, apiKeyId: Uint8Array): Buffer {
    return createHmac('sha256', this.#fingerprintKey).update(`${venue}\0`).update(apiKeyId).digest();
  }

  all(): readonly Key[] {
    return [...this.#keys.values()];
  }

  get(connection: ConnectionId): Key | undefined {
    return this.#keys.get(connection);
  }

  /** The user who has connected this key before, or null. */
  ownerOf(venue: string, apiKeyId: Uint8Array): string | null {
    return this.#owners.get(this.#fingerprint(venue, apiKeyId).toString('hex')) ?? null;
  }

  /** Makes a pair whose secret half has never been anywhere else. Durable before it returns. */
  async generate(about: About, type: 'ed25519' | 'rsa'): Promise<Key> {
    const { publicKey, secret } = await this.#makePair(type);
    return this.#add(about, type, false, publicKey, secret);
  }

  /** Makes the key that shall replace another. Durable before it returns. */
  async succeed({ connection }: Key, type: 'ed25519' | 'rsa'): Promise<Successor> {
    const { publicKey, secret } = await this.#makePair(type);
    const record: StoreRecord = {
      kind: 'successor',
      connection,
      type,
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      secret: seal(this.#kek, secret, purpose(connection, 'successor')),
    };
    this.#store.append(record);
    return this.#openSuccessor(record);
  }

  #makePair(type: 'ed25519' | 'rsa'): Promise<Pair> {
    // One at a time: an RSA pair takes a core for up to a second, and orders need it too.
    const turn = this.#making.then(() => (type === 'rsa' ? makeRsa() : makeEd25519()));
    this.#making = turn.catch(() => undefined);
    return turn;
  }

  successorOf(key: Key): Successor | null {
    return this.#successors.get(key.connection) ?? null;
  }

  /** The successor is the key from here on. Durable before it returns. */
  promote(key: Key, apiKeyId: Uint8Array): void {
    this.#tie('promoted', key, apiKeyId);
    this.#succeed(key);
  }

  /** Whether the venue had an address list for the key when it was last checked; undefined before the first time. */
  wasLocked({ connection }: Key): boolean | undefined {
    return this.#locked.get(connection);
  }

  rememberLocked({ connection }: Key, ipAllowList: boolean): void {
    this.#store.append({ kind: 'locked', connection, ipAllowList });
    this.#locked.set(connection, ipAllowList);
  }

  /** Never opened again; its fingerprint stays. */
  destroy({ connection }: Key): void {
    this.#store.append({ kind: 'destroyed', connection });
    this.#keys.delete(connection);
    this.#successors.delete(connection);
  }

  /**
   * Takes in a secret from outside and fills it with zeros. Durable before it returns. Throws where the secret is no
   * key of this type.
   */
  takeIn(about: About, type: KeyRecord['type'], secret: Uint8Array): Key {
    if (type === 'hmac') return this.#add(about, type, true, null, secret);
    const privateKey = createPrivateKey({
      key: Buffer.from(secret.buffer, secret.byteOffset, secret.length),
      format: 'der',
      type: 'pkcs8',
    });
    const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? RSA_BITS;
    if (privateKey.asymmetricKeyType !== type || bits < RSA_BITS) throw new Error('a key of another type');
    return this.#add(about, type, true, createPublicKey(privateKey), secret);
  }

  #add(
    about: About,
    type: KeyRecord['type'],
    pasted: boolean,
    publicKey: KeyObject | null,
    secret: Uint8Array,
  ): Key {
    const connection = `c${randomBytes(8).toString('hex')}`;
    const record: KeyRecord = {
      kind: 'key',
      connection,
      user: about.user,
      venue: about.venue,
      label: about.label,
      type,
      publicKey: publicKey?.export({ type: 'spki', format: 'der' }) ?? null,
      secret: seal(this.#kek, secret, purpose(connection, 'secret')),
      viewAndIdKeys: seal(this.#kek, randomBytes(64), purpose(connection, 'keys')),
      pasted: pasted || null,
    };
    this.#store.append(record);
    return this.#open(record);
  }

  /** Ties the key to the id that the venue gave it. Durable before it returns. */
  bind(key: Key, apiKeyId: Uint8Array): void {
    this.#tie('bound', key, apiKeyId);
  }

  #tie(kind: 'bound' | 'promoted', key: Key, apiKeyId: Uint8Array): void {
    const id = Buffer.from(apiKeyId);
    const fingerprint = this.#fingerprint(key.venue, id);
    this.#store.append({
      kind,
      connection: key.connection,
      apiKeyId: seal(this.#kek, Buffer.from(id), purpose(key.connection, 'api-key-id')),
      fingerprint,
    });
    key.apiKeyId = id;
    key.firstApiKeyId ??= id;
    this.#owners.set(fingerprint.toString('hex'), key.user);
  }
}

/**
 * The id under which an intent's order is known at the venue: 120 bits of HMAC under a key that never leaves the
 * gate, so nobody can claim it first. 32 lower-case characters fit Binance (36), Bybit (36) and OKX (32); where a
 * venue takes hexadecimal digits alone (Kraken), they are 128 bits of it.
 */
export function deriveClientOrderId(key: Key, id: IntentId, form: 'text' | 'hex'): ClientOrderId {
  const mac = createHmac('sha256', key.idKey)
    .update(encodeCbor(toCbor(intentId, id)))
    .digest('hex');
  return clientOrderId.parse(form === 'hex' ? mac.slice(0, 32) : `v1${mac.slice(0, 30)}`);
}
