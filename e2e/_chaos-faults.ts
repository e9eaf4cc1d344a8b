/** What goes wrong: one fault of the exchange a second, a killed program now and then, a worker that is away. */
import type { EventFault, FaultRule, RequestFault } from '../packages/venues/src/paper/faults.ts';
import { post } from './_accounts.ts';
import { type ChaosOptions, type Dice, diceOf } from './_chaos-options.ts';
import type { Installation } from './_installation.ts';

const refuse = (code: number, message: string, status: number) =>
  ({ kind: 'refuse', refusal: { code, message, status } }) as const;

const ORDERS = '/api/v3/order';

/** A new kind of fault does not pass the type check before it is here. The refusals are those of a busy exchange. */
const REQUEST_FAULTS: Readonly<Record<RequestFault['kind'], readonly Partial<FaultRule>[]>> = {
  'lost-answer': [
    { method: 'POST', path: ORDERS, fault: { kind: 'lost-answer' } },
    { method: 'DELETE', path: ORDERS, fault: { kind: 'lost-answer' } },
    { method: 'GET', fault: { kind: 'lost-answer' } },
  ],
  'late-arrival': [
    { method: 'POST', path: ORDERS, fault: { kind: 'late-arrival', delayMs: 1_500 } },
    { method: 'DELETE', path: ORDERS, fault: { kind: 'late-arrival', delayMs: 1_500 } },
  ],
  'slow-answer': [{ times: 3, fault: { kind: 'slow-answer', delayMs: 2_000 } }],
  refuse: [
    { times: 3, fault: refuse(-1003, 'Too much request weight used.', 429) },
    { times: 3, fault: refuse(-1003, 'Way too much request weight used; IP banned.', 418) },
    { times: 3, fault: refuse(-1000, 'An unknown error occurred while processing the request.', 503) },
    { method: 'POST', path: ORDERS, fault: refuse(-1015, 'Too many new orders.', 429) },
  ],
  'unknown-outcome': [
    {
      method: 'POST',
      path: ORDERS,
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
  ],
};

const EVENT_FAULTS: Readonly<Record<EventFault['kind'], EventFault>> = {
  duplicate: { kind: 'duplicate' },
  lose: { kind: 'lose' },
  reorder: { kind: 'reorder' },
  late: { kind: 'late', delayMs: 1_500 },
};

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;
const SCENARIOS = ['calm', 'range', 'trend', 'gap'] as const;
/** A market is closed for this long. */
const HALT_MS = 2_000;
const AWAY_MS = 4_000;

export interface Disturbed {
  readonly kills: Readonly<Record<string, number>>;
  readonly faults: number;
  /** How often a worker was stopped for longer than its lease and went on. */
  readonly pauses: number;
}

export async function disturb(
  installation: Installation,
  options: ChaosOptions,
  say: (line: string) => void,
): Promise<Disturbed> {
  const dice = diceOf(options.seconds);
  const kills: Record<string, number> = {};
  let faults = 0;
  let pauses = 0;
  for (let second = 1; second <= options.seconds; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // The exchange may be dead at this moment; then nothing is disturbed this second.
    if (await disturbExchange(installation.desk.paperAdminUrl, dice).catch(() => false)) faults++;
    if (second % options.killEverySeconds === 0) {
      const name = pick(dice, [...installation.desk.running().keys(), 'database' as const]);
      installation.kill(name);
      kills[name] = (kills[name] ?? 0) + 1;
      say(`${second} s: ${name} was killed`);
    }
    const isAwayTime =
      second === Math.floor(options.seconds / 3) || second === Math.floor((2 * options.seconds) / 3);
    if (isAwayTime && pauseOne(installation, say)) pauses++;
  }
  return { kills, faults, pauses };
}

async function disturbExchange(adminUrl: string, dice: Dice): Promise<boolean> {
  const what = dice();
  if (what < 0.5) await post(adminUrl, '/faults', pick(dice, Object.values(REQUEST_FAULTS).flat()));
  else if (what < 0.7)
    await post(adminUrl, '/event-faults', { fault: pick(dice, Object.values(EVENT_FAULTS)), times: 3 });
  else if (what < 0.8) await post(adminUrl, '/partial-fills', { times: 3 });
  else if (what < 0.84) await post(adminUrl, '/disconnect', {});
  else if (what < 0.9)
    await post(adminUrl, `/markets/${pick(dice, SYMBOLS)}/scenario`, { scenario: pick(dice, SCENARIOS) });
  else if (what < 0.94) await post(adminUrl, '/clock', { skewMs: Math.floor(dice() * 800) - 400 }, 'PUT');
  else if (what < 0.97)
    await post(
      adminUrl,
      `/markets/${pick(dice, SYMBOLS)}/rules`,
      dice() < 0.5
        ? { minNotional: dice() < 0.5 ? '5' : '10' }
        : { tickSize: dice() < 0.5 ? '0.01' : '0.1', stepSize: dice() < 0.5 ? '0.00001' : '0.0001' },
      'PATCH',
    );
  else {
    const symbol = pick(dice, SYMBOLS);
    await post(adminUrl, `/markets/${symbol}/status`, { status: 'HALT' }, 'PUT');
    setTimeout(() => reopen(adminUrl, symbol), HALT_MS);
  }
  return true;
}

/** Again until the exchange is there to hear it: one that was killed meanwhile would stay closed till the end. */
function reopen(adminUrl: string, symbol: string): void {
  post(adminUrl, `/markets/${symbol}/status`, { status: 'TRADING' }, 'PUT').catch(() => {
    setTimeout(() => reopen(adminUrl, symbol), HALT_MS).unref();
  });
}

/** Stops a worker for longer than its lease, then it goes on as if nothing had been. False where none runs. */
function pauseOne(installation: Installation, say: (line: string) => void): boolean {
  for (const [name, pid] of installation.desk.running()) {
    if (!name.startsWith('worker-') || !signal(pid, 'SIGSTOP')) continue;
    say(`${name} is away for ${AWAY_MS} ms`);
    setTimeout(() => signal(pid, 'SIGCONT'), AWAY_MS);
    return true;
  }
  return false;
}

/** False where the program has ended. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function pick<T>(dice: Dice, list: readonly T[]): T {
  const found = list[Math.floor(dice() * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
