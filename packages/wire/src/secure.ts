/**
 * Mutual TLS 1.3 inside any stream, with pinned public keys on both sides: whoever carries the bytes (the switch)
 * sees ciphertext, and neither end talks to a key that was not enrolled.
 */
import type { Duplex } from 'node:stream';
import { TLSSocket, connect } from 'node:tls';
import { type Identity, pinOf } from './certificate.ts';
import { WireError } from './frames.ts';

/** A handshake is two round trips; a peer that takes this long, over a network too, is stuck. */
const HANDSHAKE_MS_MAX = 10_000;

/** Wraps `stream` as the side that called. Resolves once the peer's key is known to be one of `pins`. */
export function secureClient(
  stream: Duplex,
  identity: Identity,
  pins: ReadonlySet<string>,
): Promise<TLSSocket> {
  const socket = connect({
    socket: stream,
    key: identity.key.export({ type: 'pkcs8', format: 'pem' }),
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3',
    // Trust is by pinned key below, not by a chain; an unpinned key never gets a byte of ours.
    rejectUnauthorized: false,
    // Session tickets would let a peer return without showing its key.
    session: undefined,
  });
  return settled(socket, 'secureConnect', pins);
}

/** Wraps `stream` as the side that was called. */
export function secureServer(
  stream: Duplex,
  identity: Identity,
  pins: ReadonlySet<string>,
): Promise<TLSSocket> {
  const socket = new TLSSocket(stream, {
    isServer: true,
    key: identity.key.export({ type: 'pkcs8', format: 'pem' }),
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: false,
  });
  return settled(socket, 'secure', pins);
}

function settled(
  socket: TLSSocket,
  event: 'secure' | 'secureConnect',
  pins: ReadonlySet<string>,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(new WireError('closed', 'the TLS handshake took too long')),
      HANDSHAKE_MS_MAX,
    );
    const closed = (): void => fail(new WireError('closed', 'the stream closed during the TLS handshake'));
    socket.once('error', fail);
    socket.once('close', closed);
    socket.once(event, () => {
      const certificate = socket.getPeerX509Certificate();
      const pin = certificate === undefined ? 'no key' : pinOf(certificate.publicKey);
      if (!pins.has(pin)) {
        return fail(
          new WireError('peer-not-enrolled', `the peer's key ${pin.slice(0, 16)} is not enrolled here`),
        );
      }
      clearTimeout(timer);
      socket.removeListener('error', fail);
      socket.removeListener('close', closed);
      resolve(socket);
    });
  });
}
