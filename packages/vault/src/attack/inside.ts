/**
 * What code inside the gate's process could try, if somebody got code in there. A probe resolves where it got out, and
 * throws or says false where it did not. Names are the rows of the table.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns/promises';
import ffi from 'node:ffi';
import fs from 'node:fs';
import inspector from 'node:inspector';
import net from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';
import workers from 'node:worker_threads';

/** An emitter that ends well by `good` and badly by an error. */
function settles(emitter: NodeJS.EventEmitter, good: string): Promise<true> {
  return new Promise((resolve, reject) => {
    emitter.once(good, () => resolve(true));
    emitter.once('error', reject);
  });
}

const scratch = `/tmp/counterfoil-probe-${process.pid}`;

export const probes: Readonly<Record<string, () => unknown>> = {
  'read a file of the system': () => fs.readFileSync('/etc/passwd'),
  'read its own program': () => fs.readFileSync(process.argv[1] ?? ''),
  'list a folder': () => fs.readdirSync('/'),
  'see that a file is there': () => fs.statSync('/etc/passwd'),
  'write a file': () => fs.writeFileSync(scratch, ''),
  'make a link': () => fs.symlinkSync('/etc/passwd', scratch),
  'read its environment in /proc': () => fs.readFileSync('/proc/self/environ'),
  'read its memory in /proc': () => fs.openSync('/proc/self/mem', 'r'),
  'reopen its store by descriptor': () => fs.openSync('/proc/self/fd/4', 'r+'),
  'read a device': () => fs.openSync('/dev/mem', 'r'),
  'connect over TCP': () => settles(net.connect(9, '127.0.0.1').on('error', refusedByPeer), 'connect'),
  'listen on TCP': () => settles(net.createServer().listen(0), 'listening'),
  'connect to a Unix socket': () =>
    settles(net.connect('/run/nothing').on('error', refusedByPeer), 'connect'),
  'listen on a Unix socket': () => settles(net.createServer().listen(`\0${scratch}`), 'listening'),
  'send over UDP': () => settles(dgram.createSocket('udp4').bind(0), 'listening'),
  'resolve a name by the system': () => dns.lookup('localhost'),
  'resolve a name by itself': () => dns.resolve4('example.com'),
  'fetch a page': () => fetch('http://127.0.0.1:9/'),
  'start a program': () => settles(childProcess.spawn('/bin/true'), 'spawn'),
  'start a program and wait': () => childProcess.execFileSync('/bin/true'),
  'become another program': () => process.execve?.('/bin/true', ['true'], {}) ?? false,
  'start a thread with rights of its own': () => settles(new workers.Worker('', { eval: true }), 'online'),
  'signal its parent': () => process.kill(process.ppid, 0),
  'signal every process of its user': () => process.kill(-1, 0),
  'load native code': () => process.dlopen({ exports: {} }, '/nonexistent.node') ?? true,
  'call C functions': () => ffi.dlopen(null),
  'open an inspector': () => {
    inspector.open(0);
    return inspector.url() !== undefined;
  },
  'debug itself': () => {
    const session = new inspector.Session();
    session.connect();
    return true;
  },
  'open a database file': async () => {
    const { DatabaseSync } = await import('node:sqlite');
    return new DatabaseSync(scratch);
  },
  'run code from a string': (): unknown => Reflect.construct(Function, ['return 1']),
  'run code in another context': (): unknown => vm.runInNewContext('1'),
  'compile WebAssembly': (): unknown =>
    vm.runInThisContext('new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))'),
  'alter a prototype': () => {
    Object.defineProperty(Array.prototype, 'probe', { value: 1, configurable: true });
    return 'probe' in [];
  },
  'alter what a module exports': () => {
    const { createHmac } = crypto;
    crypto.createHmac = createHmac.bind(null);
    return crypto.createHmac !== createHmac;
  },
  'write a heap snapshot': () => v8.writeHeapSnapshot(scratch),
  'take a heap snapshot': () => v8.getHeapSnapshot().destroy(),
  'write a report': () => process.report.writeReport(scratch),
  'change its user': () => process.setuid?.(65_534) ?? true,
  'change its folder': () => process.chdir('/'),
  'widen its own rights': () => process.permission.has('fs.write') || process.permission.has('net'),
};

/** Nobody listens there: that the other side refuses is a way out as good as any. */
function refusedByPeer(this: net.Socket, error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') this.emit('connect');
}
