/** Which addresses a webhook may reach: none inside a machine or a network, unless its owner allowed that address. */
import { BlockList, isIP } from 'node:net';

const closed = new BlockList();
// RFC 6890 and its registry: this network, private, shared, loopback, link-local, protocol, documentation, benchmarks,
// multicast, reserved.
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  closed.addSubnet(net, bits, 'ipv4');
// Of IPv6 only 2000::/3 is given out; in it documentation, tunnels that hide an IPv4 address, and ORCHID.
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed.addSubnet(net, bits, 'ipv6');

/** Whether `address`, an IP address as text, is out on the internet. */
export function isPublicAddress(address: string): boolean {
  const kind = isIP(address);
  if (kind === 4) return !closed.check(address, 'ipv4');
  // `::ffff:10.0.0.1` is outside of 2000::/3, as is every other way to write an IPv4 address.
  return kind === 6 && open6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}
