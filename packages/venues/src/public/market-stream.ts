/**
 * Public trades of any number of markets over one WebSocket in Binance Spot's form, made again whenever it breaks.
 * Between `onLost` and the next `onOpen` prices are missing.
 */
import { WebSocket } from 'ws';
import { type PublicTrade, readTrade } from './binance-frames.ts';

/** A frame of the public streams; the deepest book update that was recorded has 60 kB. */
const FRAME_BYTES_MAX = 1_048_576;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
/** The venue pings every 20 s; a line without a word for longer is dead even where nobody closed it. */
const SILENCE_MS_MAX = 60_000;
const ASK_EVERY_MS = 250;

export interface MarketStreamOptions {
  /** `wss://host:port`; `/ws` is added. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly onTrade: (trade: PublicTrade) => void;
  /** The line stands and is subscribed again. */
  readonly onOpen: () => void;
  readonly onLost: () => void;
}

export class MarketStream {
  readonly #options: MarketStreamOptions;
  readonly #symbols = new Set<string>();
  #socket: WebSocket | null = null;
  #isOpen = false;
  #isClosed = false;
  #retryMs = RETRY_MS_MIN;
  #retry: NodeJS.Timeout | null = null;
  #silence: NodeJS.Timeout | null = null;
  /** Asked for and not sent yet: the venue cuts off who sends more than five messages a second. */
  readonly #wanted = new Set<string>();
  #asking: NodeJS.Timeout | null = null;
  #lastId = 1;

  constructor(options: MarketStreamOptions) {
    this.#options = options;
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Trades of this market too, from now on and after every break. */
  subscribe(symbol: string): void {
    if (this.#symbols.has(symbol)) return;
    this.#symbols.add(symbol);
    this.#wanted.add(symbol);
    this.#asking ??= setTimeout(() => {
      this.#asking = null;
      if (this.#isOpen) this.#ask([...this.#wanted]);
      this.#wanted.clear();
    }, ASK_EVERY_MS);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#asking !== null) clearTimeout(this.#asking);
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#socket?.terminate();
  }

  #connect(): void {
    const { url, ca } = this.#options;
    const socket = new WebSocket(new URL('/ws', url), {
      maxPayload: FRAME_BYTES_MAX,
      perMessageDeflate: false,
      ...(ca === undefined ? {} : { ca }),
    });
    this.#socket = socket;
    socket.on('open', () => {
      this.#isOpen = true;
      this.#retryMs = RETRY_MS_MIN;
      if (this.#symbols.size > 0) this.#ask([...this.#symbols]);
      this.#heard();
      this.#options.onOpen();
    });
    socket.on('message', (data: Buffer) => this.#read(data.toString('utf8')));
    socket.on('ping', () => this.#heard());
    // The close that follows says everything there is to do.
    socket.on('error', () => {});
    socket.on('close', () => this.#again());
  }

  #ask(symbols: readonly string[]): void {
    const params = symbols.map((symbol) => `${symbol.toLowerCase()}@trade`);
    this.#socket?.send(JSON.stringify({ method: 'SUBSCRIBE', params, id: this.#lastId++ }));
  }

  #read(frame: string): void {
    this.#heard();
    const trade = readTrade(frame);
    if (trade !== null) this.#options.onTrade(trade);
  }

  #heard(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket?.terminate(), SILENCE_MS_MAX);
  }

  #again(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    if (this.#isOpen) this.#options.onLost();
    this.#isOpen = false;
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }
}
