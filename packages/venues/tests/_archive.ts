import { crc32, deflateRawSync } from 'node:zlib';

export const MINUTE_MS = 60_000;

/** An archive with one deflated file, as the public data site packs them. */
export function zip(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    Buffer.from('PK\u0001\u0002\u0014\u0000'),
    shared,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** Candles of a whole day, in microseconds. */
export function day(text: string): string {
  const start = Date.parse(`${text}T00:00:00Z`);
  return Array.from({ length: 1_440 }, (_, minute) => `${start + minute * MINUTE_MS}000,2,3,1,2,5`).join(
    '\n',
  );
}

/** Candles of a month, less those of the given minutes; January in milliseconds, the others in microseconds. */
export function month(text: string, without: readonly number[] = []): string {
  const start = Date.parse(`${text}-01T00:00:00Z`);
  const rows: string[] = [];
  for (let minute = 0; minute < 3_000; minute++) {
    if (without.includes(minute)) continue;
    const at = start + minute * MINUTE_MS;
    const open = text.endsWith('-01') ? `${at}` : `${at}000`;
    rows.push(`${open},100.5,101.${minute},99.5,100,12.5,${at + 59_999},1250,10,6,600,0`);
  }
  return rows.join('\n');
}
