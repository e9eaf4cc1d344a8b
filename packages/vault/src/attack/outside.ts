/** What another program on the machine could try on a process: `node outside.ts PID`. Says what succeeded. */
import { closeSync, openSync, readFileSync, readSync, readdirSync, readlinkSync } from 'node:fs';
import { dlopen } from 'node:ffi';

/** Attach without stopping, and let go again (linux/ptrace.h). */
const SEIZE = 0x4206;
const DETACH = 17;
const INTERRUPT = 0x4207;

const pid = Number(process.argv[2]);
const folder = `/proc/${pid}`;

/** The first readable mapping's first bytes. */
function readMemory(): boolean {
  const [range] = readFileSync(`${folder}/maps`, 'utf8').split(' ');
  const memory = openSync(`${folder}/mem`, 'r');
  const start = Number.parseInt(range?.split('-')[0] ?? '', 16);
  const count = readSync(memory, Buffer.alloc(16), 0, 16, start);
  closeSync(memory);
  return count === 16;
}

function openMemory(): boolean {
  closeSync(openSync(`${folder}/mem`, 'r'));
  return true;
}

function trace(): boolean {
  const { functions } = dlopen(null, {
    ptrace: { arguments: ['i32', 'i32', 'u64', 'u64'], return: 'i64' },
  });
  if (functions.ptrace(SEIZE, pid, 0n, 0n) !== 0n) return false;
  functions.ptrace(INTERRUPT, pid, 0n, 0n);
  functions.ptrace(DETACH, pid, 0n, 0n);
  return true;
}

/** Whether a crash would leave its memory in a file. */
function leavesCore(): boolean {
  return !/^Max core file size +0 +0 /m.test(readFileSync(`${folder}/limits`, 'utf8'));
}

const attacks: Readonly<Record<string, () => unknown>> = {
  'open its memory': openMemory,
  'read its memory': readMemory,
  'see its memory map': () => readFileSync(`${folder}/maps`).length > 0,
  'attach as a debugger': trace,
  'read its environment': () => readFileSync(`${folder}/environ`),
  'list its descriptors': () => readdirSync(`${folder}/fd`).map((fd) => readlinkSync(`${folder}/fd/${fd}`)),
  'reopen its store through it': () => closeSync(openSync(`${folder}/fd/4`, 'r')),
  'see where it runs': () => readlinkSync(`${folder}/cwd`),
  'get a core dump when it crashes': leavesCore,
};

const open = Object.entries(attacks).flatMap(([name, attack]) => {
  try {
    return attack() === false ? [] : [name];
  } catch {
    return [];
  }
});
process.stdout.write(`${JSON.stringify({ tried: Object.keys(attacks), open })}\n`);
