/**
 * API tokens: a program signs each request with its own Ed25519 key (RFC 9421), and only the public half is here. A
 * signature is good once and for half a minute.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from '../http/caller.ts';
import { type SignedMessage, readSignatureInput, verifyMessage } from '../http/message-signature.ts';
import { HttpProblem } from '../http/problem.ts';

/** Clocks of a program and of this machine may differ by so much. */
const AGE_SECONDS_MAX = 30;
/** Nonces of the last minute; a program that sends more is told to wait. */
const NONCES_MAX = 200_000;

/** The key, or null where the text is no Ed25519 public key. */
export function readPublicKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' && !/PRIVATE/.test(pem) ? key : null;
  } catch {
    return null;
  }
}

export interface SignatureOfRequest {
  readonly 'signature-input': string;
  readonly signature: string;
}

export class Tokens {
  readonly #database: Kysely<Tables>;
  readonly #now: () => number;
  /** Nonces that were used, with the second in which they are forgotten. */
  readonly #used = new Map<string, number>();
  /** What was signed before this server started may have been used before it: its nonces are not known here. */
  readonly #startedSeconds: number;

  constructor(database: Kysely<Tables>, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
    this.#startedSeconds = Math.floor(now() / 1_000);
  }

  async authenticate(message: SignedMessage, given: SignatureOfRequest, address: string): Promise<Caller> {
    const parameters = readSignatureInput(given['signature-input']);
    if (parameters === null) throw refused('its Signature-Input is not of the documented form');
    const nowSeconds = this.#now() / 1_000;
    if (Math.abs(nowSeconds - parameters.created) > AGE_SECONDS_MAX)
      throw refused('it was not made within the last half minute by this machine’s clock');
    if (parameters.created < this.#startedSeconds) throw refused('it was made before the server started');
    const [owner = '', id = ''] = parameters.keyId.split('.', 2);
    const token = await this.#database
      .selectFrom('api_token')
      .select(['label', 'role', 'public_key_pem', 'addresses', 'expires_at', 'last_used_at'])
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    const key = token === undefined ? null : readPublicKey(token.public_key_pem);
    if (token === undefined || key === null || !verifyMessage(key, message, parameters, given))
      throw refused('it does not hold under the key of that token');
    if (token.expires_at !== null && token.expires_at.getTime() <= this.#now())
      throw refused('the token has expired');
    const addresses = token.addresses === '' ? [] : token.addresses.split('\n');
    if (addresses.length > 0 && !addresses.includes(address))
      throw refused('the token may not be used from this address');
    this.#useOnce(`${parameters.keyId} ${parameters.nonce}`, parameters.created);
    if (token.last_used_at === null || token.last_used_at.getTime() < this.#now() - 60_000) {
      await this.#database
        .updateTable('api_token')
        .set({ last_used_at: new Date(this.#now()) })
        .where('owner', '=', owner)
        .where('id', '=', id)
        .execute();
    }
    return {
      kind: 'token',
      owner,
      role: token.role,
      account: null,
      session: null,
      name: token.label,
      address,
    };
  }

  #useOnce(nonce: string, created: number): void {
    const nowSeconds = this.#now() / 1_000;
    for (const [old, until] of this.#used) {
      if (until >= nowSeconds) break;
      this.#used.delete(old);
    }
    if (this.#used.has(nonce)) throw refused('it was used before');
    if (this.#used.size >= NONCES_MAX)
      throw new HttpProblem(
        'too-many',
        'Too many signed requests; nothing was done. Try again in a minute.',
        {
          retryAfterSeconds: 60,
        },
      );
    this.#used.set(nonce, created + 2 * AGE_SECONDS_MAX);
  }
}

function refused(why: string): HttpProblem {
  return new HttpProblem('bad-signature', `The request’s signature was refused: ${why}. Nothing was done.`);
}
