import type { WebSocket } from 'ws';
import { parseMessage } from '../client-message.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

/** Messages a client may send per second before it is cut off, as at the imitated exchange. */
const MESSAGES_PER_SECOND_MAX = 5;

/** Serves one connection to the market streams: its first streams come from the path, the rest by request. */
export function serveStreams(
  socket: WebSocket,
  subscriptions: Subscriptions,
  firstStreams: readonly string[],
  isCombined: boolean,
): void {
  const subscriber: Subscriber = { socket, streams: new Set(), isCombined };
  for (const stream of firstStreams) subscriptions.add(subscriber, stream);
  let second = 0;
  let messages = 0;
  socket.on('message', (data, isBinary) => {
    const now = Math.floor(performance.now() / 1_000);
    messages = now === second ? messages + 1 : 1;
    second = now;
    if (isBinary || messages > MESSAGES_PER_SECOND_MAX) return socket.close(1008, 'Too many requests');
    // Text frames arrive as one buffer.
    socket.send(JSON.stringify(answer(subscriptions, subscriber, (data as Buffer).toString('utf8'))));
  });
  socket.on('close', () => subscriptions.removeAll(subscriber));
}

function answer(subscriptions: Subscriptions, subscriber: Subscriber, text: string): unknown {
  const request = parseRequest(text);
  if (request === null) return { error: { code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' } };
  const { id, method, params } = request;
  switch (method) {
    case 'SUBSCRIBE':
      for (const stream of params) {
        if (!subscriptions.add(subscriber, stream))
          return failure(id, 2, 'Invalid request: too many streams');
      }
      return { result: null, id };
    case 'UNSUBSCRIBE':
      for (const stream of params) subscriptions.remove(subscriber, stream);
      return { result: null, id };
    case 'LIST_SUBSCRIPTIONS':
      return { result: [...subscriber.streams], id };
    case 'SET_PROPERTY':
      if (request.combined === null) return failure(id, 2, 'Invalid request: combined must be true or false');
      subscriber.isCombined = request.combined;
      return { result: null, id };
    case 'GET_PROPERTY':
      return { result: subscriber.isCombined, id };
    default:
      return failure(id, 2, `Invalid request: unknown variant \`${method}\``);
  }
}

function failure(id: unknown, code: number, msg: string): unknown {
  return { error: { code, msg }, id };
}

interface StreamRequest {
  readonly id: string | number | null;
  readonly method: string;
  readonly params: readonly string[];
  /** The value a SET_PROPERTY wants for `combined`. */
  readonly combined: boolean | null;
}

/** Stream names are short; a longer one names nothing. */
const STREAM_LENGTH_MAX = 100;

function parseRequest(text: string): StreamRequest | null {
  const message = parseMessage(text);
  if (message === null) return null;
  const { id, method } = message;
  const params: unknown[] = Array.isArray(message.params) ? message.params : [];
  const streams = params
    .filter((item) => typeof item === 'string')
    .filter((item) => item.length < STREAM_LENGTH_MAX);
  const combined = params[0] === 'combined' && typeof params[1] === 'boolean' ? params[1] : null;
  return { id, method, params: streams, combined };
}
