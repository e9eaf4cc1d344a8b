/**
 * The worker's line to the gate: mutual TLS through the switch, made again whenever it breaks. Every attachment has
 * an epoch of its own, higher than all before, so that nothing left over from an earlier one can act.
 */
import type { Duplex } from 'node:stream';
import {
  type GateAnswer,
  type GateRequest,
  type GateResult,
  type Intent,
  type IntentOf,
  gateAnswer,
  gateRequest,
} from '@counterfoil/vocabulary/protocol';
import { Caller, type Identity, WireError, secureClient } from '@counterfoil/wire';

/** Pauses grow from the first to the last while the gate is being restarted. */
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 1_000;
/** A network may lose a line without telling either end; so often it is tried, and so long an answer may take. */
const TRY_MS = 2_000;
const TRIED_MS_MAX = 5_000;

export interface GateLinkOptions {
  /** A stream on which the gate's TLS begins: `atSwitch`, or the door of another machine. */
  readonly reach: () => Promise<Duplex>;
  /** Whether the line crosses a network: then others may have one to the vault where this worker has none. */
  readonly isDistant: boolean;
  readonly identity: Identity;
  readonly gatePin: string;
  /** Takes the next epoch of the installation; durable before it returns. */
  readonly nextEpoch: () => Promise<number>;
  /** Runs on every attachment before others may use it: resolves what the last one left open. */
  readonly onAttached: (session: GateSession) => Promise<void>;
  readonly log: (line: string) => void;
}

/** One attachment. Fails with `WireError` `closed` when it breaks: then nobody knows whether the gate acted. */
export interface GateSession {
  readonly epoch: number;
  ask(intent: Intent): Promise<GateResult>;
  /** Resolves when the line has broken. */
  readonly closed: Promise<void>;
  /** Every answer to an intent that is answered again and again, until the line breaks. */
  listen(intent: IntentOf<'streamOpen'>, onResult: (result: GateResult) => void): void;
}

export class GateLink {
  readonly #options: GateLinkOptions;
  #session: GateSession | null = null;
  #waiting: ((session: GateSession) => void)[] = [];
  #stopped = false;
  #closeCurrent: () => void = () => {};
  readonly #running: Promise<void>;

  constructor(options: GateLinkOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get attached(): boolean {
    return this.#session !== null;
  }

  /** The session to use now; waits for one at most `msMax`, and says so where there is none. */
  session(msMax: number): Promise<GateSession | null> {
    if (this.#session !== null) return Promise.resolve(this.#session);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== take);
        resolve(null);
      }, msMax);
      const take = (session: GateSession): void => {
        clearTimeout(timer);
        resolve(session);
      };
      this.#waiting.push(take);
    });
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#closeCurrent();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pauseMs = RETRY_MS_MIN;
    while (!this.#stopped) {
      try {
        await this.#attend();
        pauseMs = RETRY_MS_MIN;
      } catch (error) {
        if (!(error instanceof WireError)) this.#options.log(`vault: ${String(error)}`);
      }
      this.#session = null;
      if (this.#stopped) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX);
    }
  }

  /** One attachment from beginning to end. */
  async #attend(): Promise<void> {
    const { reach, isDistant, identity, gatePin, nextEpoch, onAttached } = this.#options;
    const stream = await reach();
    this.#closeCurrent = () => stream.destroy();
    stream.on('error', () => stream.destroy());
    let trying: NodeJS.Timeout | undefined;
    try {
      if (this.#stopped) return;
      const secured = await secureClient(stream, identity, new Set([gatePin]));
      const caller = new Caller<GateRequest, GateAnswer>(secured, gateRequest, gateAnswer);
      const session: GateSession = {
        epoch: await nextEpoch(),
        ask: async (intent) => (await caller.call((id) => ({ id, intent }))).result,
        closed: caller.closed,
        listen: (intent, onResult) =>
          caller.listen(
            (id) => ({ id, intent }),
            ({ result }) => onResult(result),
          ),
      };
      await onAttached(session);
      if (isDistant) trying = setInterval(() => void tryLine(session, stream), TRY_MS);
      this.#session = session;
      for (const take of this.#waiting.splice(0)) take(session);
      await caller.closed;
    } finally {
      clearInterval(trying);
      stream.destroy();
    }
  }
}

/** Cuts a line on which the gate does not answer what it answers from memory. */
async function tryLine(session: GateSession, stream: Duplex): Promise<void> {
  const late = setTimeout(() => stream.destroy(), TRIED_MS_MAX);
  await session.ask({ kind: 'head' }).catch(() => undefined);
  clearTimeout(late);
}
