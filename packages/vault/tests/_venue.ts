/** A venue that speaks in the documented answers of Binance Spot and Kraken, at the far end of streams given to it. */
import { type IncomingMessage, type ServerResponse, createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ServerCertificate } from './_authority.ts';

/** developers.binance.com, "Get API Key Permission": of a key that may trade. */
export const binanceKey = {
  ipRestrict: true,
  createTime: 1_623_840_271_000,
  enableReading: true,
  enableWithdrawals: false,
  enableInternalTransfer: false,
  enableMargin: false,
  enableFutures: false,
  permitsUniversalTransfer: false,
  enableVanillaOptions: false,
  enableFixApiTrade: false,
  enableFixReadOnly: false,
  enableSpotAndMarginTrading: true,
  enablePortfolioMarginTrading: false,
};

/** docs.kraken.com, "Get API Key Info": of a key that may trade. */
export const krakenKey = {
  api_key_name: 'Trading key',
  api_key: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890',
  nonce: '1772125400000000',
  nonce_window: 0,
  permissions: ['query-funds', 'query-open-trades', 'query-closed-trades', 'modify-trades', 'close-trades'],
  iban: 'AA12 N34G GKBZ 5XYZ',
  valid_until: '0',
  query_from: '0',
  query_to: '0',
  created_time: '1772125400',
  modified_time: '1772125400',
  ip_allowlist: ['192.0.2.1'],
  last_used: '1772125433',
};

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export class Venue {
  binance: unknown = binanceKey;
  kraken: unknown = krakenKey;
  /** How an answer is sent, where not at once. */
  send = (response: ServerResponse, text: string): void => void response.end(text);
  readonly seen: Seen[] = [];
  readonly #listener = (request: IncomingMessage, response: ServerResponse): void => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const [path = ''] = (request.url ?? '').split('?');
      this.seen.push({ method: request.method ?? '', path, body });
      this.send(response, JSON.stringify(this.#answer(path, body)));
    });
  };
  readonly #plain = createPlain(this.#listener);

  #answer(path: string, body: string): unknown {
    const asked = new URLSearchParams(body);
    if (path === '/sapi/v1/account/apiRestrictions') return this.binance;
    if (path === '/0/private/GetApiKeyInfo') return { error: [], result: this.kraken };
    if (path === '/api/v3/depth') return { bids: [['59999', '10']], asks: [['60000', '10']] };
    if (path === '/api/v3/ticker/24hr') return { quoteVolume: '1000000000' };
    if (path !== '/api/v3/order') return { code: -1, msg: 'not here' };
    return {
      symbol: asked.get('symbol'),
      orderId: 4_711,
      clientOrderId: asked.get('newClientOrderId'),
      price: '60000',
      executedQty: '0',
      cummulativeQuoteQty: '0',
      status: 'NEW',
      side: asked.get('side'),
      transactTime: Date.now(),
    };
  }

  /** Serves one stream with this certificate. */
  serve(stream: Duplex, certificate: ServerCertificate): void {
    const server = createServer(certificate, this.#listener);
    server.on('tlsClientError', () => stream.destroy());
    server.emit('connection', stream);
  }

  /** Serves one stream without TLS. */
  servePlain(stream: Duplex): void {
    this.#plain.emit('connection', stream);
  }
}
