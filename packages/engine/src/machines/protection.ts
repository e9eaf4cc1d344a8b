import type { Parked } from './machine.ts';

/** Whether a trigger, when it fires, ends or protects a position: stops, trails and targets of every machine. */
export function isExitTrigger({ name, on }: Parked): boolean {
  return on.kind === 'price' && /(?:^|-)(?:stop|stop-trail|stop-back|trail|target|trail-begin)$/.test(name);
}
