import type { Duplex } from 'node:stream';

/**
 * Joins two streams, each ending the other; when either breaks both are gone. After a clean end the other side is still
 * given what came before: a venue may close right after its answer.
 */
export function couple(a: Duplex, b: Duplex): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => {
      if (from.readableEnded && !to.writableFinished) to.once('finish', () => to.destroy());
      else to.destroy();
    });
    from.pipe(to);
  }
}
