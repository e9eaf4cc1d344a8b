/** A switch that carries the gate's streams to venues wherever it likes, and everything else as the product's does. */
import { type Duplex, duplexPair } from 'node:stream';
import { decodeCbor } from '@counterfoil/vocabulary';
import { streamTarget } from '@counterfoil/vocabulary/protocol';
import { Mux } from '@counterfoil/wire';

/** Ends both when either ends. */
function joined(a: Duplex, b: Duplex): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
    from.pipe(to);
  }
}

/**
 * What the product's switch gets for the gate's door. `toVenue` gets every stream that the gate opens to a venue, and
 * where it should have gone.
 */
export function hostileSwitch(
  toVenue: (stream: Duplex, host: string, port: number) => void,
): (door: Duplex) => Duplex {
  return (door) => {
    const [ours, theirs] = duplexPair();
    const onClose = (): void => {
      door.destroy();
      theirs.destroy();
    };
    const product: Mux = new Mux(ours, {
      side: 'gate',
      onStream: (stream, first) => joined(stream, gate.open(first)),
      onClose,
    });
    const gate = new Mux(door, {
      side: 'switch',
      onStream: (stream, first) => {
        stream.on('error', () => stream.destroy());
        const target = streamTarget.decode(decodeCbor(first), 'target');
        if (target.kind === 'venue') toVenue(stream, target.host, target.port);
        else joined(stream, product.open(first));
      },
      onClose,
    });
    return theirs;
  };
}
