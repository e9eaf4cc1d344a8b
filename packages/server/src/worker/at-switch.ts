import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { attachment } from '@counterfoil/vocabulary/protocol';
import { WireError, writeFrame } from '@counterfoil/wire';

/** How a worker on the vault's own machine reaches the gate: the switch's socket, at which it says what it is. */
export function atSwitch(socketPath: string): () => Promise<Duplex> {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect(socketPath);
      socket.once('error', (cause) => reject(new WireError('closed', 'the switch is not there', { cause })));
      socket.once('connect', () => {
        writeFrame(socket, encodeCbor(toCbor(attachment, 'worker')));
        resolve(socket);
      });
    });
}
