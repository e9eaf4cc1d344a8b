/**
 * The sealed store: one append-only file, inherited as a descriptor. Each record is u32 length, body, and SHA-256 of
 * the previous record's hash and the body, so that a record cannot be taken out, put in or moved. The launcher opens it
 * for synchronous writing (O_DSYNC): under Node's permission model there is no fdatasync, even on an open descriptor.
 */
import { createHash } from 'node:crypto';
import { fstatSync, readSync, writeSync } from 'node:fs';
import {
  boolean,
  bytes,
  decodeCbor,
  encodeCbor,
  integer,
  nullable,
  oneOf,
  packed,
  text,
  toCbor,
  variants,
} from '@counterfoil/vocabulary';
import type { Decoded } from '@counterfoil/vocabulary';
import { exit } from './exit.ts';
import { securityRecords } from './security-record.ts';

const HASH = 32;
/** The largest record is a key with three sealed parts: under 4 kB. */
const RECORD_BYTES_MAX = 65_536;

const sealed = bytes(88, 4_096);

const storeRecord = variants({
  /** The vault's own identity: its TLS and signing key, and the log it belongs to. */
  genesis: [1, packed({ vaultId: [0, text(16)], logKey: [1, text(300)], identity: [2, sealed] })],
  key: [
    2,
    packed({
      connection: [0, text(40)],
      user: [1, text(40)],
      venue: [2, text(32)],
      label: [3, text(80)],
      type: [4, oneOf('ed25519', 'rsa', 'hmac')],
      /** SPKI, DER; absent for `hmac`, whose two halves are one. */
      publicKey: [5, nullable(bytes(1, 600))],
      secret: [6, sealed],
      /** 64 bytes: the view key, and the key that client order ids are derived with. */
      viewAndIdKeys: [7, sealed],
      /** Whether the secret existed outside the vault before; absent where it was made here. */
      pasted: [8, nullable(boolean)],
    }),
  ],
  /** The venue's id of the key: half of a credential, so sealed like the other half. */
  bound: [
    3,
    packed({
      connection: [0, text(40)],
      apiKeyId: [1, sealed],
      /** HMAC of venue and id, by which the key is known again after it was removed; absent in older stores. */
      fingerprint: [2, nullable(bytes(32))],
    }),
  ],
  /** Whether the venue takes the key from listed addresses only, as it said when it was last checked. */
  locked: [5, packed({ connection: [0, text(40)], ipAllowList: [1, boolean] })],
  /** A key that shall replace a connection's; the last one counts. */
  successor: [
    6,
    packed({
      connection: [0, text(40)],
      type: [1, oneOf('ed25519', 'rsa')],
      publicKey: [2, bytes(1, 600)],
      secret: [3, sealed],
    }),
  ],
  /** The successor is the connection's key from here. */
  promoted: [7, packed({ connection: [0, text(40)], apiKeyId: [1, sealed], fingerprint: [2, bytes(32)] })],
  /** The key is not opened any more. */
  destroyed: [8, packed({ connection: [0, text(40)] })],
  /** A size and root of the log that this gate has verified: a log that knows less is refused. */
  seen: [4, packed({ size: [0, integer(0, Number.MAX_SAFE_INTEGER)], root: [1, bytes(32)] })],
  /** The time that this store was put back from a copy, by the name that the launcher gave it. */
  restored: [9, packed({ id: [0, bytes(16)] })],
  ...securityRecords,
});
export type StoreRecord = Decoded<typeof storeRecord>;
export type KeyRecord = Extract<StoreRecord, { kind: 'key' }>;

export class Store {
  readonly #fd: number;
  #end = 0;
  #head: Buffer = Buffer.alloc(HASH);
  readonly records: StoreRecord[] = [];

  /** Reads the whole store. A torn last record was never acknowledged and is written over; other damage ends it. */
  constructor(fd: number) {
    this.#fd = fd;
    const size = fstatSync(fd).size;
    const file = Buffer.alloc(size);
    for (let at = 0; at < size;) {
      const count = readSync(fd, file, at, size - at, at);
      if (count === 0) break;
      at += count;
    }
    while (this.#end < size) {
      const body = this.#recordAt(file);
      if (body === null) break;
      this.records.push(storeRecord.decode(decodeCbor(body), 'record'));
    }
  }

  #recordAt(file: Buffer): Buffer | null {
    const start = this.#end + 4;
    if (file.length < start) return null;
    const length = file.readUInt32BE(this.#end);
    const end = start + length + HASH;
    if (length > RECORD_BYTES_MAX) exit('store-damaged');
    if (end > file.length) return null;
    const body = file.subarray(start, start + length);
    const hash = this.#hash(body);
    if (!hash.equals(file.subarray(start + length, end))) {
      // A crash may leave the last record with zeros in it; anywhere else this is damage or forgery.
      if (end === file.length) return null;
      exit('store-damaged');
    }
    this.#head = hash;
    this.#end = end;
    return body;
  }

  #hash(body: Uint8Array): Buffer {
    return createHash('sha256').update(this.#head).update(body).digest();
  }

  /** Durable when it returns. */
  append(record: StoreRecord): void {
    const body = encodeCbor(toCbor(storeRecord, record));
    const hash = this.#hash(body);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    const entry = Buffer.concat([head, body, hash]);
    for (let at = 0; at < entry.length;)
      at += writeSync(this.#fd, entry, at, entry.length - at, this.#end + at);
    this.#head = hash;
    this.#end += entry.length;
    this.records.push(record);
  }
}
