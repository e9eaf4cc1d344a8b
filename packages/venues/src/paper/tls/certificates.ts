import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bitString,
  boolean,
  integer,
  octetString,
  oid,
  sequence,
  set,
  time,
  tlv,
  utf8String,
} from './der.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
/** The certificate authority's key is thrown away, so nothing can be renewed: both last ten years. */
const VALID_MS = 10 * YEAR_MS;

const HOST = 'localhost';
const LOOPBACK_4 = Buffer.from([127, 0, 0, 1]);
const LOOPBACK_6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);

export interface PaperCertificates {
  /** The authority that clients pin, as PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * The paper exchange's own authority and server certificate, made on the first start and kept in its folder.
 * The authority is constrained to this machine (RFC 5280 §4.2.1.10) and its private key is never written
 * anywhere, so trusting it cannot vouch for any other host, today or later.
 */
export function loadCertificates(folder: string, nowMs: number): PaperCertificates {
  const paths = {
    authority: join(folder, 'paper-ca.pem'),
    certificate: join(folder, 'paper-server.pem'),
    key: join(folder, 'paper-server.key'),
  };
  if (!existsSync(paths.authority)) {
    const made = makeCertificates(nowMs);
    writeFileSync(paths.key, made.key, { mode: 0o600, flush: true });
    writeFileSync(paths.certificate, made.certificate, { flush: true });
    // Last, because its presence says that the other two are there.
    writeFileSync(paths.authority, made.authority, { flush: true });
  }
  return {
    authority: readFileSync(paths.authority, 'utf8'),
    certificate: readFileSync(paths.certificate, 'utf8'),
    key: readFileSync(paths.key, 'utf8'),
  };
}

function makeCertificates(nowMs: number): PaperCertificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authorityName = name('Counterfoil paper exchange, this machine only');
  const serverName = name(HOST);
  const issue = (subject: Buffer, key: KeyObject, extensions: Buffer[]): string =>
    issueCertificate(authorityName, authority.privateKey, subject, key, extensions, nowMs);
  return {
    authority: issue(authorityName, authority.publicKey, [
      extension('2.5.29.19', 'critical', sequence(boolean())),
      extension('2.5.29.15', 'critical', bitString(Buffer.from([0x04]), 2)),
      extension('2.5.29.30', 'critical', sequence(tlv(0xa0, ...permittedNames()))),
    ]),
    certificate: issue(serverName, server.publicKey, [
      extension('2.5.29.19', 'critical', sequence()),
      extension('2.5.29.15', 'critical', bitString(Buffer.from([0x80]), 7)),
      extension('2.5.29.37', 'plain', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', 'plain', sequence(dnsName(HOST), address(LOOPBACK_4), address(LOOPBACK_6))),
    ]),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** `localhost` with its subdomains, 127.0.0.1 and ::1; an address constraint is the address and its mask. */
function permittedNames(): Buffer[] {
  return [
    sequence(dnsName(HOST)),
    sequence(address(Buffer.concat([LOOPBACK_4, Buffer.alloc(4, 0xff)]))),
    sequence(address(Buffer.concat([LOOPBACK_6, Buffer.alloc(16, 0xff)]))),
  ];
}

function issueCertificate(
  issuer: Buffer,
  issuerKey: KeyObject,
  subject: Buffer,
  subjectKey: KeyObject,
  extensions: readonly Buffer[],
  nowMs: number,
): string {
  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
  const toBeSigned = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    issuer,
    // An hour back, for a client whose clock is a little behind.
    sequence(time(nowMs - 3_600_000), time(nowMs + VALID_MS)),
    subject,
    subjectKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuerKey);
  const der = sequence(toBeSigned, ecdsaWithSha256, bitString(signature, 0));
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function name(common: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8String(common))));
}

function extension(id: string, importance: 'critical' | 'plain', value: Buffer): Buffer {
  return sequence(oid(id), ...(importance === 'critical' ? [boolean()] : []), octetString(value));
}

function dnsName(host: string): Buffer {
  return tlv(0x82, Buffer.from(host, 'ascii'));
}

function address(bytes: Buffer): Buffer {
  return tlv(0x87, bytes);
}
