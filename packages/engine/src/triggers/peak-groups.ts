import { IndexedHeap } from './indexed-heap.ts';
import { trailThreshold } from './trail.ts';

/**
 * Trailing triggers that share a running peak are one group: when the price makes a new high, every group it
 * passes melts into one, and from then on only the trail with the smallest distance of that group can be next.
 * A group is a pairing heap on the distance; two indexed heaps over the groups give the lowest peak (which
 * melts next) and the highest threshold (which fires next). A tick on which neither moves costs two
 * comparisons, however many trails wait.
 *
 * This structure knows only peaks. Trails that follow a falling price are the same thing on negated values.
 */
export class PeakGroups {
  #distances = new Float64Array(16);
  #firstChild = new Int32Array(16).fill(-1);
  #next = new Int32Array(16).fill(-1);
  /** Left sibling or parent of a node; for a root, `-2 - group`. */
  #previous = new Int32Array(16).fill(-1);

  #peaks: number[] = [];
  #roots: number[] = [];
  #freeGroups: number[] = [];
  readonly #byPeak = new IndexedHeap();
  readonly #byThreshold = new IndexedHeap();
  /** The group touched last: most trails are armed at the price of the moment and join it. */
  #latestGroup = -1;
  readonly #threshold: (peak: number, distancePpm: number) => number;

  /** `threshold` must not fall when the peak rises and not rise when the distance grows. */
  constructor(threshold: (peak: number, distancePpm: number) => number = trailThreshold) {
    this.#threshold = threshold;
  }

  get bytes(): number {
    return (
      this.#distances.byteLength +
      this.#firstChild.byteLength * 3 +
      this.#byPeak.bytes +
      this.#byThreshold.bytes +
      this.#peaks.length * 16
    );
  }

  /** The lowest peak any group holds; a value above it is a new high for that group. */
  get lowestPeak(): number {
    return this.#byPeak.topKey;
  }

  /** The highest threshold; a value at or below it fires something. */
  get highestThreshold(): number {
    return -this.#byThreshold.topKey;
  }

  add(node: number, peak: number, distancePpm: number): void {
    this.#makeRoom(node);
    this.#distances[node] = distancePpm;
    this.#firstChild[node] = -1;
    this.#next[node] = -1;
    if (this.#latestGroup >= 0 && this.#peaks[this.#latestGroup] === peak) {
      this.#setRoot(this.#latestGroup, this.#meld(this.#roots[this.#latestGroup] as number, node));
      return;
    }
    this.#openGroup(peak, node);
  }

  /** Removes a node that is in a group. */
  remove(node: number): void {
    const before = this.#previous[node] as number;
    const orphan = this.#meldSiblings(this.#firstChild[node] as number);
    this.#firstChild[node] = -1;
    if (before <= -2) {
      const group = -2 - before;
      if (orphan < 0) this.#closeGroup(group);
      else this.#setRoot(group, orphan);
      return;
    }
    // The orphan's distance is not below the removed node's, so it may stand in its place.
    const after = this.#next[node] as number;
    const standIn = orphan < 0 ? after : orphan;
    if (orphan >= 0) {
      this.#next[orphan] = after;
      this.#previous[orphan] = before;
      if (after >= 0) this.#previous[after] = orphan;
    } else if (after >= 0) this.#previous[after] = before;
    if (this.#firstChild[before] === node) this.#firstChild[before] = standIn;
    else this.#next[before] = standIn;
  }

  /** Raises every group whose peak is below `value` and melts them into one. */
  raise(value: number): void {
    let root = -1;
    while (this.#byPeak.topKey < value) {
      const group = this.#byPeak.topId;
      const groupRoot = this.#roots[group] as number;
      root = root < 0 ? groupRoot : this.#meld(root, groupRoot);
      this.#closeGroup(group);
    }
    if (root >= 0) this.#openGroup(value, root);
  }

  /** Takes out the node with the highest threshold and returns it. There must be one. */
  popHighest(): number {
    const node = this.#roots[this.#byThreshold.topId] as number;
    this.remove(node);
    return node;
  }

  /** The peak that a node has reached: that of its group, found over its neighbours. For snapshots, not for ticks. */
  peakOf(node: number): number {
    let at = node;
    while ((this.#previous[at] as number) > -2) at = this.#previous[at] as number;
    return this.#peaks[-2 - (this.#previous[at] as number)] as number;
  }

  #openGroup(peak: number, root: number): void {
    const group = this.#freeGroups.pop() ?? this.#peaks.length;
    this.#peaks[group] = peak;
    this.#roots[group] = root;
    this.#previous[root] = -2 - group;
    this.#next[root] = -1;
    this.#byPeak.push(group, peak);
    this.#byThreshold.push(group, -this.#threshold(peak, this.#distances[root] as number));
    this.#latestGroup = group;
  }

  #closeGroup(group: number): void {
    this.#byPeak.remove(group);
    this.#byThreshold.remove(group);
    this.#freeGroups.push(group);
    if (this.#latestGroup === group) this.#latestGroup = -1;
  }

  #setRoot(group: number, root: number): void {
    this.#roots[group] = root;
    this.#previous[root] = -2 - group;
    this.#next[root] = -1;
    this.#byThreshold.rekey(
      group,
      -this.#threshold(this.#peaks[group] as number, this.#distances[root] as number),
    );
  }

  /** Melds two roots; the result's links to siblings and group are the caller's to set. */
  #meld(a: number, b: number): number {
    const parent = (this.#distances[a] as number) <= (this.#distances[b] as number) ? a : b;
    const child = parent === a ? b : a;
    const oldFirst = this.#firstChild[parent] as number;
    this.#next[child] = oldFirst;
    this.#previous[child] = parent;
    if (oldFirst >= 0) this.#previous[oldFirst] = child;
    this.#firstChild[parent] = child;
    return parent;
  }

  /** Melds a sibling list into one root: pairs from left to right, then from right to left. */
  #meldSiblings(first: number): number {
    let paired = -1;
    let at = first;
    while (at >= 0) {
      const second = this.#next[at] as number;
      const rest = second < 0 ? -1 : (this.#next[second] as number);
      const pair = second < 0 ? at : this.#meld(at, second);
      this.#next[pair] = paired;
      paired = pair;
      at = rest;
    }
    let root = -1;
    while (paired >= 0) {
      const following = this.#next[paired] as number;
      root = root < 0 ? paired : this.#meld(root, paired);
      paired = following;
    }
    return root;
  }

  #makeRoom(node: number): void {
    if (node < this.#distances.length) return;
    const capacity = Math.max(node + 1, this.#distances.length * 2);
    this.#distances = enlarged(this.#distances, new Float64Array(capacity));
    this.#firstChild = enlarged(this.#firstChild, new Int32Array(capacity));
    this.#next = enlarged(this.#next, new Int32Array(capacity));
    this.#previous = enlarged(this.#previous, new Int32Array(capacity));
  }
}

function enlarged<T extends Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
