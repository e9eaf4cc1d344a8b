import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { ApiKey } from '../core/api-key.ts';
import { refusals, type Refusal } from '../core/refusals.ts';
import { admitKey, checkSignature, checkTimestamp } from '../rest/authenticate.ts';
import { authenticate, callRoute, routeNamed } from '../rest/answer.ts';
import { Parameters, Refused } from '../rest/parameters.ts';
import { refusalBody } from '../rest/render.ts';
import type { Venue } from '../venue.ts';
import { METHODS } from './methods.ts';
import { parseCall, type Call } from './call.ts';
import type { UserFeed } from './user-feed.ts';

/** Serves one connection to the WebSocket API: requests in any order, and the user data it subscribed to. */
export class ApiConnection {
  readonly #venue: Venue;
  readonly #feed: UserFeed;
  readonly #socket: WebSocket;
  readonly #ip: string;
  /** The key of `session.logon`; requests without an `apiKey` use it and need no signature. */
  #session: ApiKey | null = null;

  constructor(venue: Venue, feed: UserFeed, socket: WebSocket, ip: string) {
    this.#venue = venue;
    this.#feed = feed;
    this.#socket = socket;
    this.#ip = ip;
    socket.on('message', (data, isBinary) => {
      if (isBinary) return socket.close(1003, 'Text frames only');
      // Text frames arrive as one buffer.
      this.#onMessage((data as Buffer).toString('utf8')).catch((error: unknown) => {
        process.stderr.write(`paper exchange: WebSocket API: ${String(error)}\n`);
        socket.close(1011);
      });
    });
    socket.on('close', () => feed.removeAll(socket));
  }

  async #onMessage(text: string): Promise<void> {
    const call = parseCall(text);
    if (call === null) return this.#send(refusalAnswer(null, refusals.badRequest));
    const { refusal } = this.#venue.limiter.admit(this.#ip, 1, this.#venue.now());
    if (refusal !== null) return this.#send(refusalAnswer(call.id, refusal));
    const route = METHODS.get(call.method) ?? call.method;
    const [method = '', path = ''] = route.split(' ');
    const fault = this.#venue.faults.take(method, path);
    if (fault?.kind === 'refuse') return this.#send(refusalAnswer(call.id, fault.refusal));
    if (fault?.kind === 'late-arrival') await delay(fault.delayMs);
    const answer = this.#answer(call);
    await this.#venue.durable();
    if (fault?.kind === 'lost-answer') return this.#socket.terminate();
    if (fault?.kind === 'slow-answer') await delay(fault.delayMs);
    this.#send(fault?.kind === 'unknown-outcome' ? refusalAnswer(call.id, fault.refusal) : answer);
  }

  #answer(call: Call): unknown {
    const { id } = call;
    try {
      return { id, status: 200, result: this.#result(call) };
    } catch (error) {
      if (error instanceof Refused) return refusalAnswer(id, error.refusal, error.data);
      throw error;
    }
  }

  #result(call: Call): unknown {
    const parameters = new Parameters(call.params);
    // Answers never carry rate limits here, which every request may ask for.
    parameters.optional('returnRateLimits');
    switch (call.method) {
      case 'session.logon':
        this.#session = this.#verify(call, parameters);
        return this.#sessionStatus();
      case 'session.status':
        return this.#sessionStatus();
      case 'session.logout':
        this.#session = null;
        return this.#sessionStatus();
      case 'userDataStream.subscribe.signature':
        return { subscriptionId: this.#feed.add(this.#socket, this.#verify(call, parameters).account) };
      case 'userDataStream.subscribe':
        if (this.#session === null) throw new Refused(refusals.unauthorized);
        return { subscriptionId: this.#feed.add(this.#socket, this.#session.account) };
      case 'userDataStream.unsubscribe':
        this.#feed.remove(this.#socket, parameters.long('subscriptionId'));
        return {};
      default:
        return this.#callRoute(call, parameters);
    }
  }

  #callRoute(call: Call, parameters: Parameters): unknown {
    const route = routeNamed(METHODS.get(call.method) ?? '');
    if (route === undefined) throw new Refused(refusals.unsupported);
    if (route.security === 'public') return callRoute(this.#venue, route, parameters, null);
    const apiKey = parameters.optional('apiKey') ?? this.#session?.id;
    const isSigned = parameters.has('apiKey') || this.#session === null;
    const caller = authenticate(this.#venue, route.permission, apiKey, this.#ip, (key) => {
      if (isSigned) checkSignature(key, signedPayload(call.params), parameters.text('signature'));
      checkTimestamp(parameters, this.#venue.now());
    });
    return callRoute(this.#venue, route, parameters, caller);
  }

  /** The key of a request that proves nothing but who sends it. */
  #verify(call: Call, parameters: Parameters): ApiKey {
    const key = admitKey(this.#venue.state.keys, parameters.text('apiKey'), this.#ip, 'reading');
    checkSignature(key, signedPayload(call.params), parameters.text('signature'));
    checkTimestamp(parameters, this.#venue.now());
    return key;
  }

  #sessionStatus(): unknown {
    return {
      apiKey: this.#session?.id ?? null,
      authorizedSince: null,
      connectedSince: null,
      returnRateLimits: false,
      serverTime: Math.floor(this.#venue.now()),
      userDataStream: false,
    };
  }

  #send(answer: unknown): void {
    this.#socket.send(JSON.stringify(answer));
  }
}

/** Every parameter but the signature, sorted by name, unescaped. */
function signedPayload(params: ReadonlyMap<string, string>): string {
  return [...params]
    .filter(([name]) => name !== 'signature')
    .map(([name, value]) => `${name}=${value}`)
    .sort((left, right) => (left < right ? -1 : 1))
    .join('&');
}

function refusalAnswer(id: string | number | null, refusal: Refusal, data: unknown = null): unknown {
  const error = data === null ? refusalBody(refusal) : { ...refusalBody(refusal), data };
  return { id, status: refusal.status, error };
}
