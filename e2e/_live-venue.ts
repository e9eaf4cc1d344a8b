/** A venue outside, as far as live prices need one: public trades in Binance Spot's form over TLS. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { loadCertificates } from '../packages/venues/src/paper/tls/certificates.ts';

const TRADES_EVERY_MS = 100;

export class LiveVenue {
  readonly #folder = mkdtempSync(join(tmpdir(), 'live-venue-'));
  readonly #port: number;
  readonly #priceOf: (trade: number) => string;
  #stop: () => Promise<void> = () => Promise.resolve();
  #trade = 0;

  /** `priceOf` is given the number of each BTCUSDT trade. */
  constructor(port: number, priceOf: (trade: number) => string) {
    this.#port = port;
    this.#priceOf = priceOf;
  }

  get url(): string {
    return `wss://localhost:${this.#port}`;
  }

  /** For `NODE_EXTRA_CA_CERTS`. */
  get authorityFile(): string {
    return join(this.#folder, 'paper-ca.pem');
  }

  async open(): Promise<void> {
    const { key, certificate } = loadCertificates(this.#folder, Date.now());
    const server = createServer({ key, cert: certificate });
    const sockets = new WebSocketServer({ server, path: '/ws' });
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const { params } = JSON.parse(data.toString('utf8')) as { readonly params: readonly string[] };
        if (!params.includes('btcusdt@trade')) return;
        const timer = setInterval(() => socket.send(this.#frame()), TRADES_EVERY_MS);
        socket.on('close', () => clearInterval(timer));
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#stop = async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    };
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#stop = () => Promise.resolve();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #frame(): string {
    const now = Date.now();
    const t = (this.#trade += 1);
    const p = `${this.#priceOf(t)}000000`;
    return JSON.stringify({
      e: 'trade',
      E: now,
      s: 'BTCUSDT',
      t,
      p,
      q: '0.05000000',
      T: now,
      m: t % 2 === 0,
      M: true,
    });
  }
}
