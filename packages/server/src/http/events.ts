/**
 * The event stream: what an owner's outbox says, as server-sent events. Each entry has one number and becomes one
 * event, so a client that comes back with the last number it saw gets everything after it, once, whatever died
 * meanwhile.
 */
import { EVENTS_PATH, type StreamEvent, streamEvent } from '@counterfoil/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from './caller.ts';
import { commonHeaders } from './headers.ts';
import { HttpProblem } from './problem.ts';

/** Half of what a person notices; a poll that finds nothing reads one index page. */
const POLL_MS = 50;
/** Proxies and browsers give up on a silent line after a minute or so. */
const BEAT_MS = 15_000;
/** Entries of one reading. */
const READ_MAX = 500;
/** Entries that a client may have missed before it is told to load everything again. */
const MISSED_MAX = 5_000;
/** Tabs, phones and programs of everybody here; each costs a socket. */
const CLIENTS_MAX = 2_000;
/** A client that does not read is cut off rather than kept in memory. */
const BACKLOG_BYTES_MAX = 1_048_576;
/** Prices of one market are shown at most this often. */
const PRICE_MS = 250;

export interface EventSource {
  /** The number of the newest entry. */
  readonly head: (owner: string) => Promise<number>;
  /** Entries after a number, oldest first, each with its event. */
  readonly read: (owner: string, after: number, limit: number) => Promise<readonly NumberedEvent[]>;
}

export interface NumberedEvent {
  readonly id: number;
  readonly event: StreamEvent;
}

interface Client {
  readonly reply: FastifyReply;
  /** Whether who opened it may still read it. */
  readonly isWelcome: () => Promise<boolean>;
  /** The last number written to it. */
  at: number;
}

/** One owner's clients and how far they are served. */
class Feed {
  readonly clients = new Set<Client>();
  head: number;

  constructor(head: number) {
    this.head = head;
  }
}

export class EventStream {
  readonly #source: EventSource;
  readonly #onFault: (error: unknown) => void;
  readonly #feeds = new Map<string, Feed>();
  /** Not read yet; one that cannot be read is forgotten, and the next client asks again. */
  readonly #opening = new Map<string, Promise<Feed>>();
  readonly #priceAt = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[];
  #clients = 0;
  #polling = false;

  constructor(source: EventSource, onFault: (error: unknown) => void) {
    this.#source = source;
    this.#onFault = onFault;
    this.#timers = [
      setInterval(() => void this.#pollAll(), POLL_MS),
      setInterval(() => void this.#beat(), BEAT_MS),
    ];
  }

  get clients(): number {
    return this.#clients;
  }

  route(server: FastifyInstance, identify: (request: FastifyRequest) => Promise<Caller>): void {
    server.get(EVENTS_PATH, async (request, reply) => {
      const { owner } = await identify(request);
      if (owner === null)
        throw new HttpProblem('not-signed-in', 'Nobody is signed in; nothing is streamed. Sign in first.');
      if (this.#clients >= CLIENTS_MAX)
        throw new HttpProblem('busy', 'Too many streams are open. Try again later.', {
          retryAfterSeconds: 30,
        });
      const last = lastEventId(request.headers['last-event-id']);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...commonHeaders,
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
      });
      // Clients wait for the first bytes before they call the line open.
      reply.raw.write(': counterfoil\n\n');
      await this.#serve(owner, reply, last, () => isStill(owner, request, identify)).catch(
        (error: unknown) => {
          // The answer has begun, so there is no other way to say it: a client whose line ends comes back.
          this.#onFault(error);
          reply.raw.end();
        },
      );
      return reply;
    });
  }

  /** To everybody, without a number: the newest price is all that counts. */
  price(symbol: string, price: string, atMs: number): void {
    if (atMs - (this.#priceAt.get(symbol) ?? 0) < PRICE_MS) return;
    this.#priceAt.set(symbol, atMs);
    this.#toAll({ type: 'price', symbol, price, at: new Date(atMs).toISOString() });
  }

  health(vault: boolean, market: boolean): void {
    this.#toAll({ type: 'health', vault, market });
  }

  /** Ends the streams of those who may read them no longer: a session can end while its tabs are open. */
  async recheck(): Promise<void> {
    try {
      // One after the other: tabs of one session are looked up once.
      for (const { reply, isWelcome } of this.#everybody()) if (!(await isWelcome())) reply.raw.end();
    } catch (error) {
      // Nobody is cut off because the database does not answer.
      this.#onFault(error);
    }
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { reply } of this.#everybody()) reply.raw.end();
  }

  #everybody(): readonly Client[] {
    return [...this.#feeds.values()].flatMap(({ clients }) => [...clients]);
  }

  async #serve(
    owner: string,
    reply: FastifyReply,
    last: number | null,
    isWelcome: Client['isWelcome'],
  ): Promise<void> {
    this.#clients += 1;
    reply.raw.once('close', () => (this.#clients -= 1));
    const feed = await this.#feedOf(owner);
    if (feed.clients.size === 0) {
      const head = await this.#source.head(owner);
      // Nobody was served meanwhile: the entries in between were missed by nobody who is here.
      if (feed.clients.size === 0) feed.head = Math.max(feed.head, head);
    }
    const client: Client = { reply, isWelcome, at: last ?? feed.head };
    reply.raw.once('close', () => feed.clients.delete(client));
    if (client.at > feed.head || feed.head - client.at > MISSED_MAX) {
      client.at = feed.head;
      write(reply, `id: ${feed.head}\ndata: ${JSON.stringify({ type: 'reload' })}\n\n`);
    }
    while (client.at < feed.head) {
      const missed = await this.#source.read(owner, client.at, READ_MAX);
      if (missed.length === 0) break;
      for (const one of missed) deliver(client, one);
    }
    // Nothing is awaited between the last look at `head` and this: from here on the poll serves the client.
    if (!reply.raw.destroyed) feed.clients.add(client);
  }

  async #feedOf(owner: string): Promise<Feed> {
    const known = this.#feeds.get(owner);
    if (known !== undefined) return known;
    let opening = this.#opening.get(owner);
    if (opening === undefined) {
      opening = this.#source.head(owner).then((head) => {
        const feed = new Feed(head);
        this.#feeds.set(owner, feed);
        return feed;
      });
      this.#opening.set(owner, opening);
    }
    return opening.finally(() => this.#opening.delete(owner));
  }

  async #pollAll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    try {
      for (const [owner, feed] of this.#feeds) if (feed.clients.size > 0) await this.#poll(owner, feed);
    } catch (error) {
      this.#onFault(error);
    } finally {
      this.#polling = false;
    }
  }

  async #poll(owner: string, feed: Feed): Promise<void> {
    const entries = await this.#source.read(owner, feed.head, READ_MAX);
    for (const one of entries) {
      feed.head = one.id;
      for (const client of feed.clients) deliver(client, one);
    }
  }

  async #beat(): Promise<void> {
    // Another server of this installation may have ended a session, or its time.
    await this.recheck();
    for (const { reply } of this.#everybody()) write(reply, ': beat\n\n');
  }

  #toAll(event: StreamEvent): void {
    const text = frame(null, event);
    for (const { reply } of this.#everybody()) write(reply, text);
  }
}

/** Asks as the opener did. A signature is good once: a program's stream stands until its line breaks. */
async function isStill(
  owner: string,
  request: FastifyRequest,
  identify: (request: FastifyRequest) => Promise<Caller>,
): Promise<boolean> {
  if (request.headers['signature'] !== undefined) return true;
  return (await identify(request)).owner === owner;
}

/** Each number is written once and in order, whoever hands it over. */
function deliver(client: Client, { id, event }: NumberedEvent): void {
  if (id <= client.at) return;
  client.at = id;
  write(client.reply, frame(id, event));
}

function frame(id: number | null, event: StreamEvent): string {
  const data = JSON.stringify(streamEvent.parse(event));
  return `${id === null ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}

function write(reply: FastifyReply, text: string): void {
  if (reply.raw.writableLength > BACKLOG_BYTES_MAX) reply.raw.destroy();
  else if (!reply.raw.destroyed) reply.raw.write(text);
}

function lastEventId(given: string | string[] | undefined): number | null {
  return typeof given === 'string' && /^[0-9]{1,15}$/.test(given) ? Number(given) : null;
}
