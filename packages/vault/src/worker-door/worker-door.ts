/**
 * The door for workers on other machines. Whoever connects shows a known key in a TLS of the door's own before anything
 * else: a stranger costs this program a handshake, and the switch and the gate nothing. Inside it a line says what it
 * is, the gate or the paper exchange, and gets no other way in: a builder or a journal is admitted by the folder alone.
 */
import { type Server, type Socket, connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { decodeCbor, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type RemoteAnswer,
  type RemoteLine,
  attachment,
  remoteAnswer,
  remoteLine,
} from '@counterfoil/vocabulary/protocol';
import {
  type HostPort,
  type Identity,
  couple,
  pinOf,
  readFirstFrame,
  secureServer,
  writeFrame,
} from '@counterfoil/wire';
import { Strangers } from './strangers.ts';

/** The word follows the handshake at once; a network may take a second. */
const LINE_MS_MAX = 5_000;
/** `remoteLine` in CBOR is under 16 bytes. */
const LINE_BYTES_MAX = 64;
/** Lines of one key: the gate's and what replaces it; market data's four, its stream, and what is closing. */
const LINES_MAX = { worker: 2, market: 8 } as const;
/** A machine that went away without a word is noticed after this and ten tries, a second apart. */
const ALIVE_MS = 15_000;

export interface WorkerDoorOptions extends HostPort {
  readonly identity: Identity;
  /** Keys of the workers on other machines. */
  readonly pins: ReadonlySet<string>;
  /** The switch's socket. */
  readonly socketPath: string;
  /** Where the paper exchange serves traders, on the loopback interface. */
  readonly paperPort: number;
  readonly onListening: () => void;
  readonly onRefused: (error: Error) => void;
}

interface Admitted {
  readonly secured: TLSSocket;
  readonly kind: RemoteLine;
  readonly pin: string;
}

export class WorkerDoor {
  readonly #options: WorkerDoorOptions;
  readonly #server: Server;
  readonly #strangers = new Strangers();
  /** Open ones, the oldest first. */
  #lines: readonly Admitted[] = [];
  #pins: ReadonlySet<string>;

  constructor(options: WorkerDoorOptions) {
    this.#options = options;
    this.#pins = options.pins;
    this.#server = createServer((socket) => void this.#greet(socket));
    this.#server.once('error', options.onRefused);
    this.#server.listen(options.port, options.host, options.onListening);
  }

  /** Only these keys from now on: lines of others are cut. */
  admitOnly(pins: ReadonlySet<string>): void {
    this.#pins = pins;
    for (const { pin, secured } of this.#lines) if (!pins.has(pin)) secured.destroy();
  }

  /** Nobody new comes in, and all lines end. */
  close(): void {
    this.#server.close();
    this.admitOnly(new Set());
  }

  async #greet(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    const address = socket.remoteAddress ?? '';
    if (!this.#strangers.enter(address, performance.now())) return void socket.destroy();
    socket.setKeepAlive(true, ALIVE_MS).setNoDelay(true);
    const admitted = await this.#admit(socket).catch(() => null);
    this.#strangers.leave(address, admitted !== null);
    if (admitted === null) socket.destroy();
    else this.#join(admitted);
  }

  async #admit(socket: Socket): Promise<Admitted | null> {
    const secured = await secureServer(socket, this.#options.identity, this.#pins);
    secured.on('error', () => secured.destroy());
    const frame = await readFirstFrame(secured, LINE_BYTES_MAX, LINE_MS_MAX);
    const kind = remoteLine.decode(decodeCbor(frame), 'line');
    const certificate = secured.getPeerX509Certificate();
    const pin = certificate === undefined ? '' : pinOf(certificate.publicKey);
    // The key may have been removed since the handshake began.
    return this.#pins.has(pin) ? { secured, kind, pin } : null;
  }

  #join(admitted: Admitted): void {
    const { secured, kind } = admitted;
    const { socketPath, paperPort } = this.#options;
    this.#remember(admitted);
    const partner =
      kind === 'market'
        ? connect({ host: '127.0.0.1', port: paperPort, noDelay: true })
        : connect(socketPath);
    secured.once('close', () => partner.destroy());
    const isAway = (): void => {
      answer(secured, 'away');
      secured.end();
    };
    partner.once('error', isAway);
    partner.once('connect', () => {
      partner.removeListener('error', isAway);
      if (kind !== 'market') writeFrame(partner, encodeCbor(toCbor(attachment, kind)));
      answer(secured, 'joined');
      couple(secured, partner);
    });
  }

  #remember(admitted: Admitted): void {
    const { secured, kind, pin } = admitted;
    const same = this.#lines.filter((line) => line.kind === kind && line.pin === pin);
    // The oldest is the one that a broken network may have left behind.
    if (same.length >= LINES_MAX[kind]) same[0]?.secured.destroy();
    this.#lines = [...this.#lines, admitted];
    secured.once('close', () => (this.#lines = this.#lines.filter((line) => line !== admitted)));
  }
}

function answer(line: Duplex, word: RemoteAnswer): void {
  writeFrame(line, encodeCbor(toCbor(remoteAnswer, word)));
}
