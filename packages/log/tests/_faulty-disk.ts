/**
 * A disk in memory that can end the process at any operation, lose what was not synced in any order a real device
 * may, and fail. Everything follows from one seed.
 */
import { dirname } from 'node:path';
import type { Disk, WritableFile } from '@counterfoil/log/journal';

const SECTOR_BYTES = 512;

/** Thrown by the operation at which the process ends, and by every later one. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export type Random = () => number;

/** Mulberry32: small, and the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Stored {
  /** What the process reads. */
  bytes: Uint8Array;
  /** What the device surely has. */
  durable: Uint8Array;
  /** Writes since the last sync, in order. */
  unsynced: { at: number; bytes: Uint8Array }[];
  nameDurable: boolean;
}

export interface Fault {
  /** Number of the operation, from 0. */
  readonly at: number;
  /** Ends the process before or after the operation, or makes it fail with this code. */
  readonly how: 'before' | 'after' | 'EIO' | 'ENOSPC' | 'EROFS';
}

export class FaultyDisk implements Disk {
  readonly #files = new Map<string, Stored>();
  #operations = 0;
  #dead = false;
  fault: Fault | undefined;
  /** Whether the fault has happened in this life. */
  struck = false;
  free = 2 ** 40;
  /** Told of every write: tests watch what is signed. */
  onWrite: ((path: string, bytes: Uint8Array) => void) | undefined;
  /** A device that says yes before it has the bytes: shows that the tests notice. */
  lies = false;

  /** Counts an operation and ends or fails it where the fault says so. */
  step<T>(what: () => T): T {
    if (this.#dead) throw new Crash('the process has ended');
    const due = this.#operations++ === this.fault?.at ? this.fault : undefined;
    if (due === undefined) return what();
    this.struck = true;
    if (due.how === 'EIO' || due.how === 'ENOSPC' || due.how === 'EROFS') {
      throw Object.assign(new Error(due.how), { code: due.how });
    }
    if (due.how === 'after') what();
    this.#dead = true;
    throw new Crash(`${due.how} operation ${due.at}`);
  }

  /** The process ended; the page cache lives on. */
  restartProcess(): void {
    this.#dead = false;
    this.#operations = 0;
    this.struck = false;
    this.fault = undefined;
  }

  /** The machine ended: of what was not synced, any sectors may have arrived, and zeros where only the size did. */
  cutPower(random: Random): void {
    for (const [path, file] of this.#files) {
      if (!file.nameDurable && random() < 0.5) {
        this.#files.delete(path);
        continue;
      }
      let bytes = file.durable;
      for (const write of file.unsynced) bytes = applySome(bytes, write, random);
      file.bytes = bytes;
      file.durable = bytes.slice();
      file.unsynced = [];
      file.nameDurable = true;
    }
    this.restartProcess();
  }

  paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** Changes stored bytes behind the journal's back. */
  tamper(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const file = this.#file(path);
    file.bytes = change(file.bytes.slice());
    file.durable = file.bytes.slice();
    file.unsynced = [];
  }

  erase(path: string): void {
    this.#files.delete(path);
  }

  /** The whole disk as it is, as an operator would copy it. */
  copy(): FaultyDisk {
    const other = new FaultyDisk();
    for (const [path, file] of this.#files) {
      other.#files.set(path, {
        bytes: file.bytes.slice(),
        durable: file.bytes.slice(),
        unsynced: [],
        nameDurable: true,
      });
    }
    return other;
  }

  #file(path: string): Stored {
    const file = this.#files.get(path);
    if (file === undefined) throw new Error(`no file ${path}`);
    return file;
  }

  read(path: string): Uint8Array | undefined {
    return this.step(() => this.#files.get(path)?.bytes.slice());
  }

  list(folder: string): string[] {
    return this.step(() =>
      this.paths()
        .filter((path) => dirname(path) === folder)
        .map((path) => path.slice(folder.length + 1)),
    );
  }

  makeFolder(): void {
    this.step(() => undefined);
  }

  open(path: string): WritableFile {
    return this.step(() => {
      const known = this.#files.get(path);
      const file = known ?? {
        bytes: new Uint8Array(0),
        durable: new Uint8Array(0),
        unsynced: [],
        nameDurable: false,
      };
      this.#files.set(path, file);
      return new FaultyFile(this, path, file);
    });
  }

  replace(path: string, bytes: Uint8Array): void {
    this.step(() => {
      this.#files.set(path, {
        bytes: bytes.slice(),
        durable: bytes.slice(),
        unsynced: [],
        nameDurable: false,
      });
      this.onWrite?.(path, bytes);
    });
  }

  remove(folder: string): void {
    this.step(() => {
      for (const path of this.paths()) if (path.startsWith(`${folder}/`)) this.#files.delete(path);
    });
  }

  syncFolder(folder: string): void {
    this.step(() => {
      for (const [path, file] of this.#files) if (dirname(path) === folder) file.nameDurable = true;
    });
  }

  freeBytes(): number {
    return this.step(() => this.free);
  }
}

class FaultyFile implements WritableFile {
  readonly #disk: FaultyDisk;
  readonly #path: string;
  readonly #file: Stored;

  constructor(disk: FaultyDisk, path: string, file: Stored) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
  }

  size(): number {
    return this.#file.bytes.length;
  }

  read(at: number, length: number): Uint8Array {
    return this.#disk.step(() => this.#file.bytes.slice(at, at + length));
  }

  write(bytes: Uint8Array, at: number): void {
    this.#disk.step(() => {
      this.#file.bytes = applyAll(this.#file.bytes, { at, bytes });
      this.#file.unsynced.push({ at, bytes: bytes.slice() });
      this.#disk.onWrite?.(this.#path, bytes);
    });
  }

  truncate(size: number): void {
    this.#disk.step(() => {
      this.#file.bytes = this.#file.bytes.slice(0, size);
      // Journalling file systems order a truncation before later writes; what was cut off does not come back.
      this.#file.durable = this.#file.durable.slice(0, size);
      this.#file.unsynced = this.#file.unsynced
        .filter((write) => write.at < size)
        .map((write) => ({ at: write.at, bytes: write.bytes.slice(0, size - write.at) }));
    });
  }

  async sync(): Promise<void> {
    const covered = this.#file.unsynced.length;
    await Promise.resolve();
    this.#sync(covered);
  }

  syncNow(): void {
    this.#sync(this.#file.unsynced.length);
  }

  #sync(covered: number): void {
    const file = this.#file;
    this.#disk.step(() => {
      if (this.#disk.lies) return;
      for (const write of file.unsynced.splice(0, covered)) file.durable = applyAll(file.durable, write);
    });
  }

  close(): void {}
}

function applyAll(bytes: Uint8Array, write: { at: number; bytes: Uint8Array }): Uint8Array {
  const end = write.at + write.bytes.length;
  const whole = bytes.length >= end ? bytes : new Uint8Array(end);
  if (whole !== bytes) whole.set(bytes);
  whole.set(write.bytes, write.at);
  return whole;
}

/** A write of which each sector arrived or not, or nothing, or all; the file's size may have grown without the data. */
function applySome(
  durable: Uint8Array,
  write: { at: number; bytes: Uint8Array },
  random: Random,
): Uint8Array {
  const fate = random();
  if (fate < 0.25) return durable;
  if (fate < 0.5) return applyAll(durable.slice(), write);
  const grown = applyAll(durable.slice(), { at: write.at + write.bytes.length, bytes: new Uint8Array(0) });
  const share = random();
  for (let at = 0; at < write.bytes.length; at += SECTOR_BYTES) {
    if (random() < share) grown.set(write.bytes.subarray(at, at + SECTOR_BYTES), write.at + at);
  }
  return grown;
}
