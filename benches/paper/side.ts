/** One side of the matching bench: runs the flow as often as `matching.ts` asks, each time from the start. */
import { prepareCore } from './core-side.ts';
import { drawFlow } from './flow.ts';
import type { Round } from './matching.ts';
import { preparePeer } from './peer-side.ts';

const [side, steps, resting, markets] = process.argv.slice(2);
const flow = drawFlow(Number(steps));

process.on('message', () => {
  const prepared = side === 'core' ? prepareCore(flow, Number(resting), Number(markets)) : preparePeer(flow);
  // Nobody pays for what was there before: the drawn orders and the round before.
  globalThis.gc?.();
  const before = process.threadCpuUsage();
  prepared.run();
  const { user, system } = process.threadCpuUsage(before);
  const perSecond = flow.length / ((user + system) / 1_000_000);
  const round: Round = { perSecond, book: prepared.book() };
  process.send?.(round);
});
