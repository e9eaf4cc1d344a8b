/** A server that says anything that it likes to the gate: its frames, made of good ones with parts changed. */
import { decodeCbor, encodeCbor, toCbor, venueSymbol } from '@counterfoil/vocabulary';
import { loosenings } from '@counterfoil/vocabulary/mandate-change';
import { type Assertion, type Intent, type Mandate, gateRequest } from '@counterfoil/vocabulary/protocol';
import type { Running } from './_security.ts';

/** Numbers from a seed (mulberry32), so that a failure can be repeated. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Changes of a mandate, many of them looser. The last market is spelled with Cyrillic letters where it can be. */
const changes: readonly ((mandate: Mandate) => Partial<Mandate>)[] = [
  ({ ordersPerMinute }) => ({ ordersPerMinute: ordersPerMinute + 1 }),
  ({ ordersPerMinute }) => ({ ordersPerMinute: Math.max(0, ordersPerMinute - 1) }),
  () => ({ markets: null }),
  () => ({ markets: [venueSymbol.parse('DOGEUSDT')] }),
  () => ({ markets: [] }),
  () => ({ bandBps: null }),
  () => ({ reduceOnly: false }),
  () => ({ validUntilMs: null }),
  () => ({ hours: 0xff_ffff }),
  () => ({ approvals: 1 }),
  ({ budgets }) => ({ budgets: budgets.slice(1) }),
  ({ budgets }) => ({ budgets: budgets.map((budget) => ({ ...budget, perOrder: null })) }),
  ({ budgets }) => ({ budgets: [...budgets, ...budgets].slice(0, 16) }),
  () => ({ label: '__proto__' }),
];

export interface Attack {
  readonly running: Running;
  /** Mandates, scopes and passkeys that the server has seen, and approvals that it kept. */
  readonly intents: readonly Intent[];
  readonly assertions: readonly Assertion[];
  readonly guarded: () => readonly Mandate[];
}

/** One frame: a good intent with other parts of good ones, and then, every other time, with bytes changed. */
function frameOf({ intents, assertions, guarded }: Attack, random: (below: number) => number): Uint8Array {
  let intent = intents[random(intents.length)] as Intent;
  if ('assertion' in intent && random(3) > 0)
    intent = { ...intent, assertion: assertions[random(assertions.length)] ?? null };
  if ('mandate' in intent) {
    const mandates = guarded();
    let mandate = mandates[random(mandates.length)] ?? intent.mandate;
    for (let i = random(3); i >= 0; i--)
      mandate = { ...mandate, ...changes[random(changes.length)]?.(mandate) };
    intent = { ...intent, mandate };
  }
  const frame = encodeCbor(toCbor(gateRequest, { id: random(1_000), intent }));
  if (random(2) === 0) return frame;
  const bytes = Buffer.from(frame);
  for (let i = random(4); i >= 0; i--) {
    const at = random(bytes.length);
    bytes[at] = random(4) === 0 ? random(256) : (bytes[at] ?? 0) ^ (1 << random(8));
  }
  const cut = random(8);
  if (cut === 0) return bytes.subarray(0, random(bytes.length));
  return cut === 1 ? Buffer.concat([bytes, bytes.subarray(random(bytes.length))]) : bytes;
}

export interface Outcome {
  readonly taken: number;
  readonly refused: number;
  /** What the gate did that no owner approved. */
  readonly loosened: readonly string[];
}

/** Sends `count` frames and says what they loosened. */
export async function attack(about: Attack, count: number, seed: number): Promise<Outcome> {
  const random = randomFrom(seed);
  const { running } = about;
  const loosened = new Set<string>();
  let [taken, refused] = [0, 0];
  for (let i = 0; i < count; i++) {
    const before = about.guarded();
    const depths = [...running.connections.values()].map(({ standing }) => standing.depth);
    const frame = frameOf(about, random);
    let intent: Intent;
    try {
      ({ intent } = gateRequest.decode(decodeCbor(frame), 'message'));
    } catch {
      refused++;
      continue;
    }
    taken++;
    // What is taken has one spelling: nothing travels along that the schema does not name.
    const again = encodeCbor(toCbor(gateRequest, gateRequest.decode(decodeCbor(frame), 'message')));
    if (Buffer.compare(again, frame) !== 0) loosened.add('a second spelling');
    await running.ask(intent);
    for (const [at, mandate] of about.guarded().entries()) {
      const was = before[at];
      if (was !== undefined) loosenings(was, mandate).forEach((name) => loosened.add(name));
    }
    [...running.connections.values()].forEach(({ standing }, at) => {
      if (depths[at] !== null && standing.depth === null) loosened.add('thaw');
      if (standing.pending !== null) loosened.add('pending');
    });
  }
  return { taken, refused, loosened: [...loosened] };
}
