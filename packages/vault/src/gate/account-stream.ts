/**
 * A connection's private stream, shared by all workers that ask for it: begun by a request that is signed here, read
 * through the manifest's places, and begun again whenever it breaks. What was missed meanwhile is asked for by REST.
 */
import type { StreamEvent } from '@counterfoil/vocabulary/protocol';
import { nowMs } from './clock.ts';
import type { Key } from './keyring.ts';
import type { StreamRule } from './manifest.ts';
import { valueAt } from './pointer.ts';
import type { ReadWindow } from './read-window.ts';
import { readBalance, readFill, readOrder, rowsAt, textAt } from './read-answer.ts';
import { signBytes, spelledPlain } from './signer.ts';
import type { VenueClient } from './venue-client.ts';
import type { WebSocketClient } from './web-socket.ts';

/** Pauses between attempts grow from the first to the last; a stream that stood for a minute begins again at once. */
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 30_000;
const STOOD_MS = 60_000;
const LOGIN_ID = 'login';

type Listener = (event: StreamEvent) => void;

interface Parts {
  readonly key: Key;
  readonly venue: VenueClient;
  readonly reads: ReadWindow;
  /** The gate's own look at every event. */
  readonly onEvent: Listener;
}

export class AccountStream {
  readonly #parts: Parts;
  readonly #rule: StreamRule;
  readonly #listeners = new Set<Listener>();
  #socket: WebSocketClient | null = null;
  #retry: NodeJS.Timeout | null = null;
  #pauseMs = RETRY_MS_MIN;
  #isOpen = false;
  #isBeginning = false;

  constructor(rule: StreamRule, parts: Parts) {
    this.#rule = rule;
    this.#parts = parts;
  }

  get state(): 'opened' | 'lost' {
    return this.#isOpen ? 'opened' : 'lost';
  }

  /** Every event from now on. Returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#socket === null && this.#retry === null) void this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  }

  /** Begins again, with the key as it is now. */
  again(): void {
    this.#socket?.close();
  }

  /** Nobody is told any more. */
  stop(): void {
    this.#listeners.clear();
    this.#end();
  }

  #end(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#socket?.close();
  }

  async #begin(): Promise<void> {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    const { reads, venue } = this.#parts;
    await reads.enter('streamOpen', '');
    this.#isBeginning = false;
    if (this.#listeners.size === 0) return;
    const begunAtMs = nowMs();
    const socket: WebSocketClient = venue.openStream(this.#rule, {
      onOpen: () => socket.send(this.#login()),
      onText: (text) => this.#read(text),
      onClose: () => {
        this.#socket = null;
        if (this.#isOpen) this.#tell({ kind: 'lost' });
        if (nowMs() - begunAtMs > STOOD_MS) this.#pauseMs = RETRY_MS_MIN;
        if (this.#listeners.size === 0) return;
        this.#retry = setTimeout(() => {
          this.#retry = null;
          void this.#begin();
        }, this.#pauseMs);
        this.#pauseMs = Math.min(this.#pauseMs * 2, RETRY_MS_MAX);
      },
    });
    this.#socket = socket;
  }

  #login(): string {
    const { key, venue } = this.#parts;
    const { manifest } = venue;
    const { method, parameters, signature } = this.#rule.login;
    if (key.apiKeyId === null) throw new Error('a key without its id');
    const values = {
      apiKey: key.apiKeyId.toString('latin1'),
      nonce: String(venue.nonce()),
      window: String(manifest.validMs),
    };
    const named = parameters.map(([name, from]) => [name, values[from]] as const);
    const text = named.map(([name, value]) => `${name}=${value}`).join('&');
    const signed = spelledPlain(key.secret, signBytes(key.secret, 'sha256', Buffer.from(text)));
    return JSON.stringify({
      id: LOGIN_ID,
      method,
      params: { ...Object.fromEntries(named), [signature]: signed },
    });
  }

  #read(text: string): void {
    try {
      const frame: unknown = JSON.parse(text);
      if (valueAt(frame, '/id') === LOGIN_ID) return this.#onLogin(valueAt(frame, '/status') === 200);
      for (const event of readEvents(this.#rule, frame)) this.#tell(event);
    } catch {
      // A frame that cannot be read may have told of a fill: whoever listens must ask.
      this.#socket?.close();
    }
  }

  #onLogin(isTaken: boolean): void {
    if (isTaken) this.#tell({ kind: 'opened' });
    else this.#socket?.close();
  }

  #tell(event: StreamEvent): void {
    if (event.kind === 'opened' || event.kind === 'lost') this.#isOpen = event.kind === 'opened';
    this.#parts.onEvent(event);
    for (const listener of this.#listeners) listener(event);
  }
}

/** What a frame tells; nothing, where it is about something that is not ours. Throws where it is not in its form. */
export function readEvents(rule: StreamRule, frame: unknown): readonly StreamEvent[] {
  const kind = textAt(frame, rule.kind);
  const body = valueAt(frame, rule.at);
  if (kind === rule.balances.kind) {
    const rows = rowsAt(body, rule.balances.rows);
    return [
      { kind: 'balances', balances: rows.flatMap((row) => readBalance(rule.balances.fields, row) ?? []) },
    ];
  }
  if (kind !== rule.order.kind) return [];
  const events: StreamEvent[] = [{ kind: 'order', order: readOrder(rule.order.fields, body) }];
  if (textAt(body, rule.fill.at) === rule.fill.is)
    events.unshift({ kind: 'fill', fill: readFill(rule.fill.fields, body) });
  return events;
}
