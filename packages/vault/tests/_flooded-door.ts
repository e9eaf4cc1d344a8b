/** A door of which somebody can write frames that no switch of ours would: streams without end. */
import { type Duplex, duplexPair } from 'node:stream';

const HEADER_BYTES = 9;
const OPEN = 0;
const RESET = 4;
/** Far above the streams that the switch opens meanwhile, and even as its own. */
const FIRST_ID = 1_000_000;

export interface FloodedDoor {
  readonly atDoor: (door: Duplex) => Duplex;
  /** Opens this many streams as for workers. */
  flood(count: number): void;
  /** How many of them the gate holds. */
  readonly held: () => number;
}

function frame(id: number, type: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes.writeUInt32BE(payload.length);
  bytes.writeUInt32BE(id, 4);
  bytes.writeUInt8(type, 8);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

export function floodedDoor(): FloodedDoor {
  let gate: Duplex | null = null;
  let [opened, reset] = [0, 0];
  return {
    held: () => opened - reset,
    flood: (count) => {
      const target = Uint8Array.of(0x82, 0x04, 0xa0);
      for (let i = 0; i < count; i++) gate?.write(frame(FIRST_ID + 2 * opened++, OPEN, target));
    },
    atDoor: (door) => {
      gate = door;
      const [switchSide, ours] = duplexPair();
      let rest = Buffer.alloc(0);
      door.on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= HEADER_BYTES && rest.length >= HEADER_BYTES + rest.readUInt32BE()) {
          const end = HEADER_BYTES + rest.readUInt32BE();
          const isFlood = rest.readUInt32BE(4) >= FIRST_ID;
          if (isFlood && rest.readUInt8(8) === RESET) reset++;
          if (!isFlood) ours.write(rest.subarray(0, end));
          rest = rest.subarray(end);
        }
      });
      ours.pipe(door);
      door.once('close', () => switchSide.destroy());
      return switchSide;
    },
  };
}
