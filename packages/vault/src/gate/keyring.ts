/** Secrets in use: one `KeyObject` each, made from a sealed record, never exported again, and never a string. */
import {
  type KeyObject,
  createHmac,
  createPrivateKey,
  createSecretKey,
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
import type { KeyRecord, Store } from './store.ts';

export interface Key {
  readonly connection: ConnectionId;
  readonly venue: VenueId;
  /** SPKI, DER. */
  readonly publicKey: Uint8Array;
  readonly secret: KeyObject;
  readonly idKey: KeyObject;
  /** Reads this connection's leaves; can never sign. */
  readonly viewKey: Uint8Array;
  /** The venue's id of the key, once bound. */
  apiKeyId: Buffer | null;
}

const purpose = (connection: string, what: 'secret' | 'keys' | 'api-key-id'): string =>
  `${connection}/${what}`;

export class Keyring {
  readonly #kek: Uint8Array;
  readonly #store: Store;
  readonly #keys = new Map<string, Key>();

  /** Opens every sealed key of the store. Throws where the key-encryption key is another one. */
  constructor(kek: Uint8Array, store: Store) {
    this.#kek = kek;
    this.#store = store;
    for (const record of store.records) {
      if (record.kind === 'key') this.#open(record);
      if (record.kind === 'bound') {
        const key = this.#keys.get(record.connection);
        if (key !== undefined)
          key.apiKeyId = unseal(kek, record.apiKeyId, purpose(record.connection, 'api-key-id'));
      }
    }
  }

  #open(record: KeyRecord): Key {
    const der = unseal(this.#kek, record.secret, purpose(record.connection, 'secret'));
    const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    der.fill(0);
    const both = unseal(this.#kek, record.viewAndIdKeys, purpose(record.connection, 'keys'));
    const key: Key = {
      connection: connectionId.parse(record.connection),
      venue: venueId.parse(record.venue),
      publicKey: record.publicKey,
      secret,
      viewKey: Uint8Array.prototype.slice.call(both, 0, 32),
      idKey: createSecretKey(both.subarray(32)),
      apiKeyId: null,
    };
    both.fill(0);
    this.#keys.set(key.connection, key);
    return key;
  }

  all(): readonly Key[] {
    return [...this.#keys.values()];
  }

  get(connection: ConnectionId): Key | undefined {
    return this.#keys.get(connection);
  }

  /** Makes a pair whose secret half has never been anywhere else. Durable before it returns. */
  generate(about: { readonly user: string; readonly venue: VenueId; readonly label: string }): Key {
    const pair = generateKeyPairSync('ed25519');
    const connection = `c${randomBytes(8).toString('hex')}`;
    const record: KeyRecord = {
      kind: 'key',
      connection,
      user: about.user,
      venue: about.venue,
      label: about.label,
      type: 'ed25519',
      publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
      secret: seal(
        this.#kek,
        pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
        purpose(connection, 'secret'),
      ),
      viewAndIdKeys: seal(this.#kek, randomBytes(64), purpose(connection, 'keys')),
    };
    this.#store.append(record);
    return this.#open(record);
  }

  /** Ties the key to the id that the venue gave it. Durable before it returns. */
  bind(key: Key, apiKeyId: string): void {
    const id = Buffer.from(apiKeyId, 'latin1');
    this.#store.append({
      kind: 'bound',
      connection: key.connection,
      apiKeyId: seal(this.#kek, Buffer.from(id), purpose(key.connection, 'api-key-id')),
    });
    key.apiKeyId = id;
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
