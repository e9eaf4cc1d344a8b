/**
 * The system calls that a sealed gate may still make, by the kernel's numbers for x86-64 and arm64 (null: the
 * architecture has no such call). Everything else is refused, so a call that a kernel learns later is refused too.
 * None of them opens a file, makes a socket, starts a program, looks into or signals another process.
 */
export const allowedCalls: Readonly<Record<string, readonly [x64: number, arm64: number | null]>> = {
  // The event loop and its threads.
  epoll_wait: [232, null],
  epoll_pwait: [281, 22],
  epoll_ctl: [233, 21],
  poll: [7, null],
  ppoll: [271, 73],
  futex: [202, 98],
  sched_yield: [24, 124],
  set_robust_list: [273, 99],
  rseq: [334, 293],
  membarrier: [324, 283],
  // Descriptors that are open already.
  read: [0, 63],
  write: [1, 64],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  pwrite64: [18, 68],
  recvmsg: [47, 212],
  sendmsg: [46, 211],
  recvfrom: [45, 207],
  sendto: [44, 206],
  shutdown: [48, 210],
  getsockopt: [55, 209],
  getsockname: [51, 204],
  getpeername: [52, 205],
  close: [3, 57],
  fstat: [5, 80],
  lseek: [8, 62],
  ftruncate: [77, 46],
  fcntl: [72, 25],
  // Memory. Code is made at run time, so executable pages cannot be refused.
  mmap: [9, 222],
  munmap: [11, 215],
  mremap: [25, 216],
  mprotect: [10, 226],
  pkey_mprotect: [329, 288],
  madvise: [28, 233],
  brk: [12, 214],
  // Signals to itself, time, randomness, its own numbers, its end.
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  sigaltstack: [131, 132],
  restart_syscall: [219, 128],
  nanosleep: [35, 101],
  clock_nanosleep: [230, 115],
  clock_gettime: [228, 113],
  gettimeofday: [96, 169],
  getrandom: [318, 278],
  getpid: [39, 172],
  gettid: [186, 178],
  getrusage: [98, 165],
  exit: [60, 93],
  exit_group: [231, 94],
};

/** Calls that are allowed only where an argument, counted from 0, has one of these values or has this bit set. */
export const boundedCalls: Readonly<
  Record<string, readonly [x64: number, arm64: number, argument: number, rule: Rule]>
> = {
  // A thread of this process (CLONE_THREAD), never another process.
  clone: [56, 220, 0, { bit: 0x10000 }],
  // Non-blocking and close-on-exec, as libuv sets them; nothing that reaches a device.
  ioctl: [16, 29, 1, { values: [0x5421, 0x5451] }],
  // The size of an open descriptor: AT_EMPTY_PATH.
  newfstatat: [262, 79, 3, { values: [0x1000] }],
};

export type Rule = { readonly bit: number } | { readonly values: readonly number[] };

/** What the probes call: numbers of calls that a sealed gate must be refused. */
export const probedCalls = {
  io_uring_setup: [425, 425],
  socket: [41, 198],
  prctl: [157, 167],
  kill: [62, 129],
  seccomp: [317, 277],
  /** Refused as unknown, so that the C library makes threads by `clone`, whose flags a filter can read. */
  clone3: [435, 435],
} as const;

/** The kernel's names for the architectures (AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64), and the column above. */
export const architectures: Readonly<Record<string, { readonly audit: number; readonly column: 0 | 1 }>> = {
  x64: { audit: 0xc000003e, column: 0 },
  arm64: { audit: 0xc00000b7, column: 1 },
};
