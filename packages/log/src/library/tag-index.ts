/** All tags of a log in flat memory, to find the first leaf that repeats one. 40 to 72 bytes per leaf. */

const TAG_BYTES = 32;

export class TagIndex {
  readonly #tags: Uint8Array;
  /** Open addressing: number of the tag plus one, or 0. */
  readonly #slots: Int32Array;
  readonly #leaves: Float64Array;
  #count = 0;

  /** Room for `capacity` tags, at most 2^30. */
  constructor(capacity: number) {
    this.#tags = new Uint8Array(capacity * TAG_BYTES);
    this.#leaves = new Float64Array(capacity);
    let slots = 16;
    while (slots < capacity * 2) slots *= 2;
    this.#slots = new Int32Array(slots);
  }

  /** Keeps `tag` of the leaf at `index`; returns the earlier leaf that has it already, if one does. */
  add(tag: Uint8Array, index: number): number | undefined {
    // Tags are outputs of a hash or PRF: any of their bytes spread evenly.
    let slot =
      (((tag[0] ?? 0) << 24) | ((tag[1] ?? 0) << 16) | ((tag[2] ?? 0) << 8) | (tag[3] ?? 0)) &
      (this.#slots.length - 1);
    for (;;) {
      const held = this.#slots[slot] ?? 0;
      if (held === 0) break;
      if (this.#equals(held - 1, tag)) return this.#leaves[held - 1];
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    this.#tags.set(tag, this.#count * TAG_BYTES);
    this.#leaves[this.#count] = index;
    this.#count += 1;
    this.#slots[slot] = this.#count;
    return undefined;
  }

  #equals(number: number, tag: Uint8Array): boolean {
    const at = number * TAG_BYTES;
    for (let i = 0; i < TAG_BYTES; i++) if (this.#tags[at + i] !== tag[i]) return false;
    return true;
  }
}
