/** The four C functions that seal a process. `node:ffi` calls them; no addon and no root is needed. */
import { dlopen, getRawPointer } from 'node:ffi';
import { probedCalls } from './system-calls.ts';

const SET_DUMPABLE = 4;
const SET_NO_NEW_PRIVILEGES = 38;
const CORE_LIMIT = 4;
const SET_FILTER = 1n;
/** For all threads at once, and without the processor slow-down that is meant for untrusted code beside secrets. */
const ALL_THREADS = 5n;

export interface Native {
  /** The kernel's answer: below zero where it refused. */
  call(name: keyof typeof probedCalls, ...args: readonly bigint[]): bigint;
  /** No memory reads, no tracing and no core dump by this user's other processes. */
  hide(): boolean;
  /** Filters stay for good, and no program that is started may gain rights. */
  filter(program: Buffer): boolean;
  noCore(): boolean;
  /** Where a buffer lies, for a call that wants a pointer. */
  address(buffer: Buffer): bigint;
  /** Lets a descriptor live on in the program that replaces this one. */
  keepOpen(descriptor: number): boolean;
}

/** `column` as in the table of architectures. */
export function native(column: 0 | 1): Native {
  const long = ['u64', 'u64', 'u64', 'u64', 'u64'] as const;
  const { functions: c } = dlopen(null, {
    syscall: { arguments: ['i64', ...long], return: 'i64' },
    prctl: { arguments: ['i32', 'u64', 'u64', 'u64', 'u64'], return: 'i32' },
    setrlimit: { arguments: ['i32', 'u64'], return: 'i32' },
    fcntl: { arguments: ['i32', 'i32', 'i64'], return: 'i32' },
  });
  const call: Native['call'] = (name, a = 0n, b = 0n, d = 0n, e = 0n, f = 0n) =>
    c.syscall(BigInt(probedCalls[name][column]), a, b, d, e, f);
  return {
    call,
    hide: () => c.prctl(SET_DUMPABLE, 0n, 0n, 0n, 0n) === 0,
    filter: (program) => {
      if (c.prctl(SET_NO_NEW_PRIVILEGES, 1n, 0n, 0n, 0n) !== 0) return false;
      const header = Buffer.alloc(16);
      header.writeUInt16LE(program.length / 8, 0);
      header.writeBigUInt64LE(getRawPointer(program), 8);
      return call('seccomp', SET_FILTER, ALL_THREADS, getRawPointer(header)) === 0n;
    },
    noCore: () => c.setrlimit(CORE_LIMIT, getRawPointer(Buffer.alloc(16))) === 0,
    address: getRawPointer,
    keepOpen: (descriptor) => c.fcntl(descriptor, 2, 0n) === 0,
  };
}
