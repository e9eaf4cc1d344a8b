/** An address on a network, as people write it: `host:port`, an IPv6 address in brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A name has at most 253 characters (RFC 1035); an IPv6 address with its zone fewer. */
const HOST_LENGTH_MAX = 253;

/** Null where the text is not of the form `host:port` with a port from 1 to 65535. */
export function parseHostPort(text: string): HostPort | null {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})$/u.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const port = Number(digits);
  if (host === '' || host.length > HOST_LENGTH_MAX || port < 1 || port > 65_535) return null;
  return { host, port };
}
