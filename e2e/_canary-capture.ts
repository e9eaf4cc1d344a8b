/**
 * Writes every TCP segment from or to the given ports of this machine into a file: what a listener on the wire would
 * have. Needs root. Run as a program, because each read waits in the kernel.
 */
import { openSync, writeSync } from 'node:fs';
import { dlopen, getRawPointer } from 'node:ffi';

const PACKET_FAMILY = 17;
const RAW = 3;
/** `ETH_P_ALL`, in the network's byte order. */
const EVERY_PROTOCOL = 0x0300;
/** The loopback interface hands segments over whole: up to 64 KiB and their headers. */
const BYTES_MAX = 128 * 1024;
const LINK_HEADER = 14;
const TCP = 6;

const [path = '', ...ports] = process.argv.slice(2);
const wanted = new Set(ports.map(Number));
const { functions: c } = dlopen(null, {
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  recv: { arguments: ['i32', 'u64', 'u64', 'i32'], return: 'i64' },
});
const socket = c.socket(PACKET_FAMILY, RAW, EVERY_PROTOCOL);
if (socket < 0) process.exit(1);
const file = openSync(path, 'w', 0o600);
const buffer = Buffer.alloc(BYTES_MAX);
process.stdout.write('{"status":"listening"}\n');
for (;;) {
  const length = Number(c.recv(socket, getRawPointer(buffer), BigInt(BYTES_MAX), 0));
  if (length < 0) continue;
  // IPv4 alone: everything here talks to 127.0.0.1.
  const ipHeader = ((buffer[LINK_HEADER] ?? 0) & 0x0f) * 4;
  if ((buffer[LINK_HEADER] ?? 0) >> 4 !== 4 || buffer[LINK_HEADER + 9] !== TCP) continue;
  const tcp = LINK_HEADER + ipHeader;
  if (wanted.has(buffer.readUInt16BE(tcp)) || wanted.has(buffer.readUInt16BE(tcp + 2)))
    writeSync(file, buffer, 0, length);
}
