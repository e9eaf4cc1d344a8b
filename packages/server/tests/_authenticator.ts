/** An authenticator in software: makes what `navigator.credentials` gives, byte by byte (WebAuthn level 3, §6). */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Assertion, BodyOf } from '@counterfoil/api';
import { type Intent, approvalText } from '@counterfoil/vocabulary/protocol';

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** User present and verified; attested credential data. */
const UP_UV = 0x05;
const WITH_CREDENTIAL = 0x40;

export class Authenticator {
  readonly id = randomBytes(32);
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #count = 0;
  #handle = '';

  /** `origin` is what the browser would state. */
  register(
    options: Readonly<Record<string, unknown>>,
    origin: string,
  ): BodyOf<'finishRegistration'>['response'] {
    this.#handle = (options['user'] as { readonly id: string }).id;
    const clientData = this.#clientData('webauthn.create', options, origin);
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const data = Buffer.concat([
      this.#data(UP_UV | WITH_CREDENTIAL),
      Buffer.alloc(16),
      length,
      this.id,
      cose,
    ]);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(data.length);
    // {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
      Buffer.from([0x59]),
      size,
      data,
    ]);
    const id = this.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        publicKey: this.#keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
      },
      clientExtensionResults: {},
    };
  }

  signIn(options: Readonly<Record<string, unknown>>, origin: string): BodyOf<'finishSignIn'>['response'] {
    const clientData = this.#clientData('webauthn.get', options, origin);
    const data = this.#data(UP_UV);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), this.#keys.privateKey);
    const id = this.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: this.#handle,
      },
      clientExtensionResults: {},
    };
  }

  /** An owner's word over an intent, made as the dashboard makes it. */
  approve(
    about: { readonly vaultId: string; readonly nonce: Uint8Array },
    intent: Intent,
    origin: string,
  ): Assertion {
    const text = approvalText(about.vaultId, about.nonce, intent);
    const { id, response } = this.signIn(
      { challenge: sha256(Buffer.from(text)).toString('base64url') },
      origin,
    );
    return {
      credentialId: id,
      authenticatorData: response.authenticatorData,
      clientDataJson: response.clientDataJSON,
      signature: response.signature,
      nonce: Buffer.from(about.nonce).toString('base64url'),
    };
  }

  #data(flags: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE((this.#count += 1));
    return Buffer.concat([sha256('localhost'), Buffer.from([flags]), count]);
  }

  #clientData(type: string, options: Readonly<Record<string, unknown>>, origin: string): Buffer {
    const challenge = options['challenge'];
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}
