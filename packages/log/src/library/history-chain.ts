/** The chain of one key: sealed, whole, in order, within its rules, never silent, and dated truly. */
import type { ChainLeaf, ChainReader } from './chain-reader.ts';
import type { Checks } from './check.ts';
import type { HistoryInput } from './history-input.ts';
import type { CosignedCheckpoint } from './open-checkpoint.ts';
import { TimeBrackets } from './time-bracket.ts';

export function checkChain(
  chain: ChainReader,
  final: CosignedCheckpoint,
  earlier: readonly CosignedCheckpoint[],
  input: HistoryInput,
  checks: Checks,
): void {
  const source = 'leaves of this connection';
  const { faults, leaves } = chain;
  const [first] = leaves;
  checks.add({
    name: 'sealed',
    passed: first?.payload.kind === 'seal',
    expected: 'the chain begins with the seal leaf of this key, which pins this view key',
    found: first === undefined ? 'no leaf' : `${first.payload.kind} leaf at index ${first.index}`,
    source,
  });
  checks.faults(
    'opens',
    'every leaf opens with the view key and its commitment holds',
    source,
    faults.opening,
  );
  checks.faults('no-gap', 'no number of the chain is missing', source, faults.missing);
  checks.faults('order', 'the log has the leaves in the order of their numbers', source, faults.order);
  checks.faults('links', 'each leaf names the one before', source, faults.links);
  checks.faults(
    'rules',
    'no use after a freeze or the end of the key, each under the mandate in force',
    source,
    faults.rules,
  );
  checks.faults('no-reseal', 'the key is not sealed under a further epoch', source, faults.reseal);
  checkHeartbeats(leaves, final, input, checks);
  checkBrackets(leaves, [...earlier, final], input, checks);
}

/** A closed interval between two leaves says "nothing between"; the last one must be recent. */
function checkHeartbeats(
  leaves: readonly ChainLeaf[],
  final: CosignedCheckpoint,
  input: HistoryInput,
  checks: Checks,
): void {
  const faults: string[] = [];
  const times = leaves.map((leaf) => leaf.payload.atMs);
  const ended = leaves.at(-1)?.payload.kind === 'destroy';
  if (!ended && final.times.size > 0) times.push(Math.min(...final.times.values()) * 1000);
  for (const [i, atMs] of times.entries()) {
    const silenceMs = atMs - (times[i - 1] ?? atMs);
    if (silenceMs > input.heartbeatMsMax)
      faults.push(`silent for ${Math.round(silenceMs / 1000)} s after number ${i - 1}`);
  }
  const expected = `a leaf at least every ${Math.round(input.heartbeatMsMax / 1000)} s, up to the checkpoint`;
  checks.faults('heartbeats', expected, 'leaves of this connection', faults);
}

function checkBrackets(
  leaves: readonly ChainLeaf[],
  checkpoints: readonly CosignedCheckpoint[],
  { clockMsMax }: HistoryInput,
  checks: Checks,
): void {
  const brackets = new TimeBrackets(checkpoints);
  const faults = leaves.flatMap(({ index, payload }) => {
    const { afterMs, beforeMs } = brackets.of(index);
    if (payload.atMs < afterMs - clockMsMax) {
      return [`leaf ${payload.seq} claims ${payload.atMs}, but was logged after ${afterMs}`];
    }
    if (payload.atMs > beforeMs + clockMsMax) {
      return [`leaf ${payload.seq} claims ${payload.atMs}, but was logged before ${beforeMs}`];
    }
    return [];
  });
  checks.faults('times', 'each leaf was logged when it says', 'cosigned checkpoints', faults);
}
