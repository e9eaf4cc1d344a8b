import type { Duplex } from 'node:stream';
import { WireError } from './frames.ts';

/**
 * The first frame of a stream and not a byte more: what follows stays in the stream for whoever takes it over. Rejects
 * with `WireError` where the frame is empty or over `bytesMax`, or is not there after `msMax`.
 */
export function readFirstFrame(stream: Duplex, bytesMax: number, msMax: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let length: number | null = null;
    const settle = (): void => {
      clearTimeout(timer);
      stream.removeListener('readable', onReadable);
      stream.removeListener('close', onClose);
    };
    const fail = (error: WireError): void => {
      settle();
      reject(error);
    };
    const onClose = (): void => fail(new WireError('closed', 'the stream closed before its first frame'));
    const onReadable = (): void => {
      length ??= lengthIn(stream.read(4) as Buffer | null);
      if (length === null) return;
      if (length === 0 || length > bytesMax)
        return fail(new WireError('frame-too-large', `a first frame of ${length} bytes`));
      const frame = stream.read(length) as Buffer | null;
      if (frame === null) return;
      // A stream that has ended gives what it has.
      if (frame.length < length)
        return fail(new WireError('truncated', 'the stream ended in its first frame'));
      settle();
      resolve(frame);
    };
    const timer = setTimeout(
      () => fail(new WireError('closed', 'the stream said nothing for too long')),
      msMax,
    );
    stream.on('readable', onReadable);
    stream.once('close', onClose);
    if (stream.destroyed) onClose();
  });
}

function lengthIn(head: Buffer | null): number | null {
  return head === null || head.length < 4 ? null : head.readUInt32BE();
}
