import type { Server } from 'node:https';
import { WebSocketServer, type WebSocket } from 'ws';
import { MarketFeed } from '../streams/market-feed.ts';
import { serveStreams } from '../streams/stream-connection.ts';
import { Subscriptions } from '../streams/subscriptions.ts';
import type { Venue } from '../venue.ts';
import { ApiConnection } from './connection.ts';
import { UserFeed } from './user-feed.ts';

/** The largest honest message is an order; a longer one closes the connection. */
const MESSAGE_BYTES_MAX = 16_384;
/** The exchange pings every 20 seconds and cuts a connection that has not answered for a minute. */
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 60_000;

export interface Doors {
  /** Cuts every WebSocket connection, as a restarted exchange would. */
  disconnect(): void;
  close(): void;
}

/** Opens the market streams (`/ws`, `/stream`) and the WebSocket API (`/ws-api/v3`) on the HTTPS server. */
export function openDoors(server: Server, venue: Venue): Doors {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  // Frames cannot carry a label without ceasing to be the imitated exchange's; the handshake can.
  sockets.on('headers', (headers) => headers.push('x-counterfoil-simulated: paper exchange'));
  const subscriptions = new Subscriptions();
  const marketFeed = new MarketFeed(venue, subscriptions);
  const userFeed = new UserFeed(venue);
  const pongAt = new WeakMap<WebSocket, number>();

  server.on('upgrade', (request, stream, head) => {
    const url = new URL(request.url ?? '/', 'https://localhost');
    const serve = doorOf(url);
    if (serve === null) return stream.destroy();
    const ip = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      pongAt.set(socket, Date.now());
      socket.on('pong', () => pongAt.set(socket, Date.now()));
      // A broken or oversized frame: ws closes the connection with the right code after this.
      socket.on('error', () => {});
      serve(socket, ip);
    });
  });

  function doorOf(url: URL): ((socket: WebSocket, ip: string) => void) | null {
    const { pathname } = url;
    if (pathname === '/ws-api/v3') return (socket, ip) => new ApiConnection(venue, userFeed, socket, ip);
    if (pathname === '/stream') {
      const streams = (url.searchParams.get('streams') ?? '').split('/').filter((name) => name !== '');
      return (socket) => serveStreams(socket, subscriptions, streams, true);
    }
    if (pathname === '/ws' || pathname.startsWith('/ws/')) {
      const streams = pathname
        .split('/')
        .slice(2)
        .filter((name) => name !== '');
      return (socket) => serveStreams(socket, subscriptions, streams, false);
    }
    return null;
  }

  const pings = setInterval(() => {
    for (const socket of sockets.clients) {
      if (Date.now() - (pongAt.get(socket) ?? 0) > PONG_WITHIN_MS) socket.terminate();
      else socket.ping();
    }
  }, PING_EVERY_MS);

  const disconnect = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    disconnect,
    close: () => {
      clearInterval(pings);
      marketFeed.close();
      userFeed.close();
      disconnect();
      sockets.close();
    },
  };
}
