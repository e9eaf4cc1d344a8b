/**
 * The switch: carries bytes between the gate's one door and everybody else. It reads the first frame of each stream
 * to know where it goes, and nothing after: workers, journal and venues speak TLS inside.
 */
import { type Server, type Socket, connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { CborError, CodecError, decodeCbor, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type Attachment,
  type StreamTarget,
  attachment,
  streamTarget,
} from '@counterfoil/vocabulary/protocol';
import { Mux, type MuxStream, couple, readFirstFrame } from '@counterfoil/wire';

/** Local processes that may wait to be needed: one journal, builders and workers of a large machine. */
const ATTACHED_MAX = 256;
/** A local peer states what it is in its first bytes; one that does not is not one of ours. */
const ATTACH_MS_MAX = 5_000;
/** `attachment` in CBOR is under 16 bytes. */
const ATTACH_BYTES_MAX = 64;
/** How long the gate's stream waits for a journal or builder that is being restarted. */
const PARTNER_MS_MAX = 10_000;

export interface SwitchOptions {
  /** The gate's door. */
  readonly door: Duplex;
  /** Where local peers attach; the folder is private to its user. */
  readonly socketPath: string;
  /** `host:port` of every venue that may be reached. */
  readonly venues: ReadonlySet<string>;
  /** Local peers may attach from now on. */
  readonly onListening: () => void;
  readonly onClose: () => void;
}

interface Wanted {
  readonly stream: MuxStream;
  readonly timer: NodeJS.Timeout;
}

export class Switch {
  readonly #mux: Mux;
  readonly #venues: ReadonlySet<string>;
  readonly #server: Server;
  /** Attached and not yet paired, by what they are. */
  readonly #idle: Readonly<Record<'journal' | 'builder', Duplex[]>> = { journal: [], builder: [] };
  /** Streams of the gate that wait for a partner. */
  readonly #wanted: Readonly<Record<'journal' | 'builder', Wanted[]>> = { journal: [], builder: [] };
  #attached = 0;

  constructor(options: SwitchOptions) {
    this.#venues = options.venues;
    this.#mux = new Mux(options.door, {
      side: 'switch',
      onStream: (stream, target) => this.#route(stream, target),
      onClose: () => {
        this.#server.close();
        options.onClose();
      },
    });
    this.#server = createServer((socket) => this.#greet(socket));
    this.#server.listen(options.socketPath, options.onListening);
  }

  /** Where a stream of the gate goes. */
  #route(stream: MuxStream, first: Uint8Array): void {
    stream.on('error', () => stream.destroy());
    let target: StreamTarget;
    try {
      target = streamTarget.decode(decodeCbor(first), 'target');
    } catch (error) {
      if (!(error instanceof CborError || error instanceof CodecError)) throw error;
      return void stream.destroy();
    }
    if (target.kind === 'venue') return this.#dial(stream, target.host, target.port);
    if (target.kind === 'worker') return void stream.destroy();
    const partner = this.#idle[target.kind].shift();
    if (partner !== undefined) return couple(stream, partner);
    const wanted = this.#wanted[target.kind];
    const timer = setTimeout(() => stream.destroy(), PARTNER_MS_MAX);
    const waiting = { stream, timer };
    wanted.push(waiting);
    stream.once('close', () => {
      clearTimeout(timer);
      const at = wanted.indexOf(waiting);
      if (at >= 0) wanted.splice(at, 1);
    });
  }

  #dial(stream: MuxStream, host: string, port: number): void {
    if (!this.#venues.has(`${host}:${port}`)) return void stream.destroy();
    const socket = connect({ host, port, noDelay: true });
    couple(stream, socket);
  }

  /** Reads a local peer's first frame. */
  #greet(socket: Socket): void {
    if (this.#attached >= ATTACHED_MAX) return void socket.destroy();
    this.#attached++;
    socket.once('close', () => this.#attached--);
    socket.on('error', () => socket.destroy());
    readFirstFrame(socket, ATTACH_BYTES_MAX, ATTACH_MS_MAX)
      .then((frame) => this.#attach(socket, attachment.decode(decodeCbor(frame), 'attachment')))
      .catch(() => socket.destroy());
  }

  #attach(socket: Socket, what: Attachment): void {
    if (what === 'worker') {
      const stream = this.#mux.open(encodeCbor(toCbor(streamTarget, { kind: 'worker' })));
      return couple(stream, socket);
    }
    const wanted = this.#wanted[what].shift();
    if (wanted !== undefined) {
      clearTimeout(wanted.timer);
      return couple(wanted.stream, socket);
    }
    const idle = this.#idle[what];
    idle.push(socket);
    socket.once('close', () => {
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
    });
  }
}
