/** A certificate authority of a test, and what it issues: good certificates, and those that must not be believed. */
import { type KeyObject, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const [high, low] = [body.length >> 8, body.length & 0xff];
  const length = body.length < 0x80 ? [low] : high === 0 ? [0x81, low] : [0x82, high, low];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const time = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/gu, '')}`));

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const DAY_MS = 86_400_000;

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

interface Issue {
  readonly name: string;
  readonly spki: Buffer;
  readonly extensions: readonly Buffer[];
  readonly fromMs: number;
  readonly toMs: number;
}

function issued(issuer: string, key: KeyObject, about: Issue): string {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ECDSA_SHA256,
    commonName(issuer),
    sequence(time(about.fromMs), time(about.toMs)),
    commonName(about.name),
    about.spki,
    der(0xa3, sequence(...about.extensions)),
  );
  return pem(sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), sign('sha256', body, key))));
}

export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export class Authority {
  readonly #name = 'test authority';
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly certificate: string;

  constructor() {
    this.certificate = issued(this.#name, this.#pair.privateKey, {
      name: this.#name,
      spki: this.#pair.publicKey.export({ type: 'spki', format: 'der' }),
      extensions: [extension('551d13', sequence(der(0x01, Buffer.from([0xff]))))],
      fromMs: Date.now() - 30 * DAY_MS,
      toMs: Date.now() + DAY_MS,
    });
  }

  /** A server's certificate for one host, a name or an IPv4 address. */
  issue(host: string, isExpired = false): ServerCertificate {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const name = /^[0-9.]+$/u.test(host)
      ? der(0x87, Buffer.from(host.split('.').map(Number)))
      : der(0x82, Buffer.from(host));
    const cert = issued(this.#name, this.#pair.privateKey, {
      name: host,
      spki: publicKey.export({ type: 'spki', format: 'der' }),
      extensions: [extension('551d11', sequence(name))],
      fromMs: Date.now() - 20 * DAY_MS,
      toMs: Date.now() + (isExpired ? -DAY_MS : DAY_MS),
    });
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }
}
