/**
 * A min-heap of numeric keys over small integer ids, with the position of every id, so that an entry can be
 * removed without a search.
 *
 * Four children per node: on 100,000 entries a pop touches about half as many cache lines as with two.
 * Equal keys leave in any order; callers that need an order sort what came out.
 */
export class IndexedHeap {
  #ids: Int32Array;
  #keys: Float64Array;
  #size = 0;
  /** Where each id stands in the heap, or -1. Indexed by id. */
  #positions: Int32Array;

  constructor(capacity = 16) {
    this.#ids = new Int32Array(capacity);
    this.#keys = new Float64Array(capacity);
    this.#positions = new Int32Array(capacity).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** Smallest key, or `Infinity` when empty, so that one comparison answers "does anything fire?". */
  get topKey(): number {
    return this.#size === 0 ? Infinity : (this.#keys[0] ?? Infinity);
  }

  /** Id with the smallest key, or -1 when empty. */
  get topId(): number {
    return this.#size === 0 ? -1 : (this.#ids[0] ?? -1);
  }

  get bytes(): number {
    return this.#ids.byteLength + this.#keys.byteLength + this.#positions.byteLength;
  }

  has(id: number): boolean {
    return (this.#positions[id] ?? -1) >= 0;
  }

  /** Adds `id`; it must not be in the heap. */
  push(id: number, key: number): void {
    this.#makeRoom(id);
    const at = this.#size++;
    this.#siftUp(at, id, key);
  }

  /** Removes `id` if it is there. */
  remove(id: number): boolean {
    const at = this.#positions[id] ?? -1;
    if (at < 0) return false;
    this.#positions[id] = -1;
    const last = --this.#size;
    if (at === last) return true;
    const movedId = this.#ids[last] ?? -1;
    const movedKey = this.#keys[last] ?? Infinity;
    const parentKey = at === 0 ? -Infinity : (this.#keys[(at - 1) >> 2] ?? -Infinity);
    if (movedKey < parentKey) this.#siftUp(at, movedId, movedKey);
    else this.#siftDown(at, movedId, movedKey);
    return true;
  }

  /** Gives `id` another key; it must be in the heap. */
  rekey(id: number, key: number): void {
    const at = this.#positions[id] ?? -1;
    const old = this.#keys[at] ?? Infinity;
    if (key < old) this.#siftUp(at, id, key);
    else this.#siftDown(at, id, key);
  }

  #siftUp(from: number, id: number, key: number): void {
    const ids = this.#ids;
    const keys = this.#keys;
    const positions = this.#positions;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentKey = keys[parent] as number; // in bounds: parent < at < size
      if (parentKey <= key) break;
      const parentId = ids[parent] as number;
      keys[at] = parentKey;
      ids[at] = parentId;
      positions[parentId] = at;
      at = parent;
    }
    keys[at] = key;
    ids[at] = id;
    positions[id] = at;
  }

  #siftDown(from: number, id: number, key: number): void {
    const ids = this.#ids;
    const keys = this.#keys;
    const positions = this.#positions;
    const size = this.#size;
    let at = from;
    for (;;) {
      const first = at * 4 + 1;
      if (first >= size) break;
      let least = first;
      let leastKey = keys[first] as number; // in bounds: first < size
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child++) {
        const childKey = keys[child] as number; // in bounds: child < end <= size
        if (childKey < leastKey) {
          least = child;
          leastKey = childKey;
        }
      }
      if (key <= leastKey) break;
      const leastId = ids[least] as number;
      keys[at] = leastKey;
      ids[at] = leastId;
      positions[leastId] = at;
      at = least;
    }
    keys[at] = key;
    ids[at] = id;
    positions[id] = at;
  }

  #makeRoom(id: number): void {
    if (this.#size === this.#ids.length) {
      const capacity = this.#ids.length * 2;
      const ids = new Int32Array(capacity);
      ids.set(this.#ids);
      this.#ids = ids;
      const keys = new Float64Array(capacity);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    if (id >= this.#positions.length) {
      const positions = new Int32Array(Math.max(id + 1, this.#positions.length * 2)).fill(-1);
      positions.set(this.#positions);
      this.#positions = positions;
    }
  }
}
