/** Takes the place of `gate/points.ts` in the build for crash tests: says where the gate stands, and waits there. */
import type { Point } from '../src/gate/points.ts';

/** Long enough for a test to kill any process meanwhile. */
const WAIT_MS = 50;

export const stopsAtPoints = true;

export async function reach(point: Point): Promise<void> {
  process.stdout.write(`${JSON.stringify({ status: 'point', point })}\n`);
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
}
