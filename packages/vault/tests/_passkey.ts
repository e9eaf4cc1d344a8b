/** A passkey made with `node:crypto`: what an authenticator and its browser answer, one part of it changed at will. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type Assertion, type Intent, approvalText } from '@counterfoil/vocabulary/protocol';

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

const made = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
} as const;

export interface Answer {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly client?: Readonly<Record<string, unknown>>;
  /** What comes after the 37 bytes. */
  readonly more?: Uint8Array;
}

export const ORIGIN = 'http://localhost:7331';

export class Passkey {
  readonly credentialId = randomBytes(16);
  readonly publicKey: Uint8Array;
  readonly #key;
  readonly #digest: 'sha256' | null;

  constructor(algorithm: Algorithm = 'ES256') {
    const { publicKey, privateKey } = made[algorithm]();
    this.publicKey = publicKey.export({ type: 'spki', format: 'der' });
    this.#key = privateKey;
    this.#digest = algorithm === 'EdDSA' ? null : 'sha256';
  }

  /** An assertion over a challenge. */
  answer(challenge: Uint8Array, nonce: Uint8Array, answer: Answer = {}): Assertion {
    const client = {
      type: answer.type ?? 'webauthn.get',
      challenge: Buffer.from(challenge).toString('base64url'),
      origin: answer.origin ?? ORIGIN,
      crossOrigin: false,
      ...answer.client,
    };
    const clientDataJson = Buffer.from(JSON.stringify(client));
    const head = Buffer.alloc(5);
    head.writeUInt8(answer.flags ?? 0x05, 0);
    head.writeUInt32BE(answer.counter ?? 0, 1);
    const rpIdHash = createHash('sha256')
      .update(answer.rpId ?? 'localhost')
      .digest();
    const authenticatorData = Buffer.concat([rpIdHash, head, answer.more ?? new Uint8Array()]);
    const text = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJson).digest()]);
    const signature = sign(this.#digest, text, this.#key);
    return { credentialId: this.credentialId, authenticatorData, clientDataJson, signature, nonce };
  }

  /** An assertion over an intent, as the browser makes it from the gate's number. */
  approve(about: { readonly vaultId: string; readonly nonce: Uint8Array }, intent: Intent, answer?: Answer) {
    const text = approvalText(about.vaultId, about.nonce, intent);
    return this.answer(createHash('sha256').update(text).digest(), about.nonce, answer);
  }
}
