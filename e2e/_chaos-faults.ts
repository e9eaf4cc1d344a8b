/** What goes wrong: one fault of the exchange a second, a killed program now and then, a worker that is away. */
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { post } from './_accounts.ts';
import { type ChaosOptions, type Dice, diceOf } from './_chaos-options.ts';
import type { Installation } from './_installation.ts';

const refuse = (code: number, message: string, status: number) =>
  ({ kind: 'refuse', refusal: { code, message, status } }) as const;

/** Every kind that the admin port takes, with the refusals that a busy exchange really gives. */
const REQUEST_FAULTS: readonly unknown[] = [
  { method: 'POST', path: '/api/v3/order', fault: { kind: 'lost-answer' } },
  { method: 'DELETE', path: '/api/v3/order', fault: { kind: 'lost-answer' } },
  { method: 'GET', fault: { kind: 'lost-answer' } },
  { method: 'POST', path: '/api/v3/order', fault: { kind: 'late-arrival', delayMs: 1_500 } },
  { method: 'DELETE', path: '/api/v3/order', fault: { kind: 'late-arrival', delayMs: 1_500 } },
  { times: 3, fault: { kind: 'slow-answer', delayMs: 2_000 } },
  { times: 3, fault: refuse(-1003, 'Too much request weight used.', 429) },
  { times: 3, fault: refuse(-1003, 'Way too much request weight used; IP banned.', 418) },
  { times: 3, fault: refuse(-1000, 'An unknown error occurred while processing the request.', 503) },
  { method: 'POST', path: '/api/v3/order', fault: refuse(-1015, 'Too many new orders.', 429) },
  {
    method: 'POST',
    path: '/api/v3/order',
    fault: {
      kind: 'unknown-outcome',
      refusal: {
        code: -1007,
        message:
          'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
        status: 504,
      },
    },
  },
];

const EVENT_FAULTS: readonly unknown[] = [
  { fault: { kind: 'duplicate' }, times: 3 },
  { fault: { kind: 'lose' }, times: 3 },
  { fault: { kind: 'reorder' }, times: 3 },
  { fault: { kind: 'late', delayMs: 1_500 }, times: 3 },
];

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;
const SCENARIOS = ['calm', 'range', 'trend', 'gap'] as const;
const AWAY_MS = 4_000;

export interface Disturbed {
  readonly kills: Readonly<Record<string, number>>;
  readonly faults: number;
}

export async function disturb(
  installation: Installation,
  options: ChaosOptions,
  say: (line: string) => void,
): Promise<Disturbed> {
  const dice = diceOf(options.seconds);
  const kills: Record<string, number> = {};
  let faults = 0;
  for (let second = 1; second <= options.seconds; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // The exchange may be dead at this moment; then nothing is disturbed this second.
    if (await disturbExchange(installation.desk.paperAdminUrl, dice).catch(() => false)) faults++;
    if (second % options.killEverySeconds === 0) {
      const name = pick(dice, [...installation.desk.running().keys()]);
      installation.kill(name);
      kills[name] = (kills[name] ?? 0) + 1;
      say(`${second} s: ${name} was killed`);
    }
    const isAwayTime =
      second === Math.floor(options.seconds / 3) || second === Math.floor((2 * options.seconds) / 3);
    if (isAwayTime) pause(installation, 'worker-1', say);
  }
  return { kills, faults };
}

async function disturbExchange(adminUrl: string, dice: Dice): Promise<boolean> {
  const what = dice();
  if (what < 0.55) await post(adminUrl, '/faults', pick(dice, REQUEST_FAULTS));
  else if (what < 0.8) await post(adminUrl, '/event-faults', pick(dice, EVENT_FAULTS));
  else if (what < 0.84) await post(adminUrl, '/disconnect', {});
  else if (what < 0.9)
    await post(adminUrl, `/markets/${pick(dice, SYMBOLS)}/scenario`, { scenario: pick(dice, SCENARIOS) });
  else if (what < 0.94) await post(adminUrl, '/clock', { skewMs: Math.floor(dice() * 800) - 400 }, 'PUT');
  else if (what < 0.97)
    await post(
      adminUrl,
      `/markets/${pick(dice, SYMBOLS)}/rules`,
      { minNotional: dice() < 0.5 ? '5' : '10' },
      'PATCH',
    );
  else {
    const symbol = pick(dice, SYMBOLS);
    await post(adminUrl, `/markets/${symbol}/status`, { status: 'HALT' }, 'PUT');
    setTimeout(() => {
      // An exchange that was killed meanwhile is set right in the end.
      post(adminUrl, `/markets/${symbol}/status`, { status: 'TRADING' }, 'PUT').catch(() => {});
    }, 2_000);
  }
  return true;
}

/** Stopped for longer than its lease, then it goes on as if nothing had been. */
function pause(installation: Installation, name: ProgramName, say: (line: string) => void): void {
  const pid = installation.desk.running().get(name);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGSTOP');
  } catch {
    return;
  }
  say(`${name} is away for ${AWAY_MS} ms`);
  setTimeout(() => {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It was killed while it was away.
    }
  }, AWAY_MS);
}

function pick<T>(dice: Dice, list: readonly T[]): T {
  const found = list[Math.floor(dice() * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
