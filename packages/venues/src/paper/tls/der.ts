/** The few ASN.1 types a certificate needs, in DER (ITU-T X.690). Encoding only: nothing here reads input. */

export function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return tlv(0x30, ...items);
}

export function set(...items: readonly Uint8Array[]): Buffer {
  return tlv(0x31, ...items);
}

/** An unsigned number given as big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = bytes.subarray(start);
  const isNegative = (trimmed[0] ?? 0) >= 0x80;
  return tlv(0x02, isNegative ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

export function boolean(): Buffer {
  return tlv(0x01, Buffer.from([0xff]));
}

/** `unusedBits` counts the padding bits at the end of the last byte. */
export function bitString(bytes: Uint8Array, unusedBits: number): Buffer {
  return tlv(0x03, Buffer.from([unusedBits]), bytes);
}

export function octetString(bytes: Uint8Array): Buffer {
  return tlv(0x04, bytes);
}

/** An object identifier in dotted form; every arc below 2^28. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let high = arc >>> 7; high > 0; high >>>= 7) septets.unshift((high & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return tlv(0x06, Buffer.from(bytes));
}

export function utf8String(text: string): Buffer {
  return tlv(0x0c, Buffer.from(text, 'utf8'));
}

/** A time to the second; GeneralizedTime holds for every year. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  const isShort = digits < '2050';
  // RFC 5280 §4.1.2.5: two-digit years through 2049, four-digit years after.
  return tlv(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits, 'ascii'));
}
