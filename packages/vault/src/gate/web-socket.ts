/** A WebSocket client (RFC 6455) over a TLS stream that ends here: text both ways, nothing negotiated. */
import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { FrameError, FrameParser, type Message, clientFrame } from './web-socket-frames.ts';

/** RFC 6455 §1.3: what proves that the other side speaks WebSocket. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** An answer to the handshake is under 1 kB. */
const HEAD_BYTES_MAX = 8_192;
/** Venues ping at least every 20 s (Binance) to 30 s; longer silence is a dead line. */
const SILENCE_MS_MAX = 60_000;

export interface SocketHandlers {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Once, whatever ended it. */
  readonly onClose: () => void;
}

export class WebSocketClient {
  readonly #stream: Duplex;
  readonly #handlers: SocketHandlers;
  readonly #accept: string;
  #parser: FrameParser | null = null;
  #head = Buffer.alloc(0);
  #timer: NodeJS.Timeout;

  constructor(stream: Duplex, authority: string, path: string, handlers: SocketHandlers) {
    this.#stream = stream;
    this.#handlers = handlers;
    const key = randomBytes(16).toString('base64');
    this.#accept = createHash('sha1').update(`${key}${ACCEPT_SUFFIX}`).digest('base64');
    this.#timer = setTimeout(() => stream.destroy(), SILENCE_MS_MAX);
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.on('error', () => stream.destroy());
    stream.on('end', () => stream.destroy());
    stream.once('close', () => {
      clearTimeout(this.#timer);
      handlers.onClose();
    });
    stream.write(
      `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
  }

  send(text: string): void {
    this.#stream.write(clientFrame('text', Buffer.from(text)));
  }

  close(): void {
    if (this.#parser !== null && this.#stream.writable)
      this.#stream.write(clientFrame('close', Buffer.alloc(0)));
    this.#stream.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#timer.refresh();
    try {
      const rest = this.#parser === null ? this.#readHead(chunk) : chunk;
      if (rest === null || this.#parser === null) return;
      for (const message of this.#parser.push(rest)) this.#onMessage(message);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#stream.destroy();
    }
  }

  /** What follows the handshake's answer, or null while that is not whole. Throws `FrameError` where it is a no. */
  #readHead(chunk: Buffer): Buffer | null {
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0 ? this.#head.length > HEAD_BYTES_MAX : end > HEAD_BYTES_MAX)
      throw new FrameError('an answer to the handshake over the bound');
    if (end < 0) return null;
    const [status = '', ...lines] = this.#head.toString('latin1', 0, end).split('\r\n');
    const accepts = lines.filter((line) => /^sec-websocket-accept:/iu.test(line));
    const negotiated = lines.some((line) => /^sec-websocket-(extensions|protocol):/iu.test(line));
    const isAccepted = accepts.length === 1 && accepts[0]?.split(':')[1]?.trim() === this.#accept;
    if (!status.startsWith('HTTP/1.1 101 ') || !isAccepted || negotiated)
      throw new FrameError('the venue does not speak WebSocket here');
    this.#parser = new FrameParser();
    const rest = this.#head.subarray(end + 4);
    this.#handlers.onOpen();
    return rest;
  }

  #onMessage(message: Message): void {
    // A handler may have closed it with messages still to come.
    if (this.#stream.destroyed) return;
    if (message.kind === 'text') this.#handlers.onText(message.text);
    if (message.kind === 'ping') this.#stream.write(clientFrame('pong', message.payload));
    if (message.kind === 'close') this.close();
  }
}
