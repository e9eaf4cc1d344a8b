/** Looks for a secret, in every shape that it could be written in, in memory and in files. */
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = 8 * 1024 * 1024;

/** The bytes themselves, and what hexadecimal, both base64, URL encoding and UTF-16 make of them. */
export function shapesOf(secret: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  // Where base64 starts to cut depends on what stands before; the first characters of each cut are left out.
  const cuts = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before + 1, 38),
  );
  const plain = [hex, hex.toUpperCase(), ...cuts];
  const inAddresses = [
    ...cuts.map((cut) => cut.replaceAll('+', '-').replaceAll('/', '_')),
    ...cuts.map(encodeURIComponent),
    hex.toUpperCase().replaceAll(/../g, '%$&'),
  ];
  const utf16 = [bytes.toString('latin1'), ...plain].map((text) => Buffer.from(text, 'utf16le'));
  // Most texts are the same in an address: each is looked for once.
  return [bytes, ...Array.from(new Set([...plain, ...inAddresses]), (text) => Buffer.from(text)), ...utf16];
}

export function countIn(bytes: Buffer, shapes: readonly Buffer[], end = bytes.length): number {
  let count = 0;
  for (const shape of shapes)
    for (let at = bytes.indexOf(shape); at >= 0 && at < end; at = bytes.indexOf(shape, at + 1)) count += 1;
  return count;
}

/** How often the secret is in a process's memory. Throws where that may not be read. */
export function countInMemory(pid: number, shapes: readonly Buffer[]): number {
  const overlap = Math.max(...shapes.map(({ length }) => length)) - 1;
  const buffer = Buffer.alloc(CHUNK + overlap);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  let count = 0;
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const [, from, to, rights, name = ''] =
      /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];
    // The kernel's own pages hold nothing of the program, and some cannot be read.
    if (from === undefined || to === undefined || rights?.startsWith('r') !== true || name.startsWith('[v'))
      continue;
    // What is mapped from a file and cannot be written is that file: half of Node, in every process.
    if (name.startsWith('/') && rights[1] !== 'w') continue;
    const end = Number.parseInt(to, 16);
    for (let at = Number.parseInt(from, 16); at < end; at += CHUNK) {
      const length = readPages(memory, buffer, Math.min(buffer.length, end - at), at);
      // What begins in the overlap is counted with the next chunk.
      count += countIn(buffer.subarray(0, length), shapes, at + CHUNK < end ? CHUNK : length);
    }
  }
  closeSync(memory);
  return count;
}

/** Bytes that were read; none where the process has given the pages back since its map was read. */
function readPages(memory: number, buffer: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, buffer, 0, length, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 0;
    throw error;
  }
}

export function countInFolder(folder: string, shapes: readonly Buffer[]): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + countInFile(join(parentPath, name), shapes), 0);
}

function countInFile(file: string, shapes: readonly Buffer[]): number {
  try {
    return countIn(readFileSync(file), shapes);
  } catch (error) {
    // The journal takes away a part of a tile once the whole is there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
