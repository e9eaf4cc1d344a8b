/** A seeded source of whole numbers for fuzzing at millions a second: `random(n)` is from 0 to n − 1. */
export type Random = (below: number) => number;

/** Mulberry32 (Tommy Ettinger): 32 bits of state, more than enough for a test. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

/** One of the whole messages with a few bytes changed, dropped or put in. */
export function broken(random: Random, whole: readonly Uint8Array[]): Uint8Array {
  const bytes = [...(whole[random(whole.length)] ?? [])];
  for (let change = random(3); change >= 0; change--) {
    const at = random(bytes.length + 1);
    const how = random(4);
    if (how === 0) bytes.splice(at, 1);
    else if (how === 1) bytes.splice(at, 0, random(256));
    else if (how === 2) bytes[at] = random(256);
    else bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  }
  return Uint8Array.from(bytes);
}
