/** The seccomp program of a sealed gate, in the kernel's classic BPF (linux/filter.h, linux/seccomp.h). */
import { allowedCalls, architectures, boundedCalls, probedCalls } from './system-calls.ts';

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_BIT = 0x45;
const RETURN = 0x06;

const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const refuse = (errno: number): number => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;

/** Offsets in `struct seccomp_data`: number, architecture, and the low half of an argument. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argumentAt = (index: number): number => 16 + 8 * index;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, value: number];

/** Null where the architecture has no table. */
export function callFilter(name: string): Buffer | null {
  const architecture = architectures[name];
  if (architecture === undefined) return null;
  const { audit, column } = architecture;
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER],
  ];
  for (const row of Object.values(allowedCalls)) {
    const call = row[column];
    if (call !== null) program.push([JUMP_EQUAL, 0, 1, call], [RETURN, 0, 0, ALLOW]);
  }
  program.push([JUMP_EQUAL, 0, 1, probedCalls.clone3[column]], [RETURN, 0, 0, refuse(ENOSYS)]);
  for (const [x64, arm64, index, rule] of Object.values(boundedCalls)) {
    const tests: Instruction[] =
      'bit' in rule
        ? [[JUMP_BIT, 0, 1, rule.bit]]
        : rule.values.map((value, i) => [
            JUMP_EQUAL,
            rule.values.length - 1 - i,
            i + 1 < rule.values.length ? 0 : 1,
            value,
          ]);
    const body: Instruction[] = [
      [LOAD, 0, 0, argumentAt(index)],
      ...tests,
      [RETURN, 0, 0, ALLOW],
      [RETURN, 0, 0, refuse(EPERM)],
    ];
    program.push([JUMP_EQUAL, 0, body.length, column === 0 ? x64 : arm64], ...body);
  }
  program.push([RETURN, 0, 0, refuse(EPERM)]);
  return assembled(program);
}

/** Before the gate's program starts: only that no ring is made, because a ring's work passes every later filter. */
export function ringFilter(name: string): Buffer | null {
  const architecture = architectures[name];
  if (architecture === undefined) return null;
  return assembled([
    [LOAD, 0, 0, NUMBER],
    [JUMP_EQUAL, 0, 1, probedCalls.io_uring_setup[architecture.column]],
    [RETURN, 0, 0, refuse(ENOSYS)],
    [RETURN, 0, 0, ALLOW],
  ]);
}

function assembled(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code, whenTrue, whenFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes[i * 8 + 2] = whenTrue;
    bytes[i * 8 + 3] = whenFalse;
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4);
  }
  return bytes;
}
