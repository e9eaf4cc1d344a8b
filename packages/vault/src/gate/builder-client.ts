/** The gate's side of the builder: asked for requests, never believed. */
import type { Duplex } from 'node:stream';
import { Caller } from '@counterfoil/wire';
import {
  type BuilderAnswer,
  type BuilderRequest,
  builderAnswer,
  builderRequest,
} from '@counterfoil/vocabulary/protocol';

/** Building and parsing take under a millisecond; a builder that takes this long is stuck or hostile. */
const ANSWER_MS_MAX = 5_000;

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export class BuilderClient {
  readonly #open: () => Duplex;
  #caller: Caller<BuilderRequest, BuilderAnswer> | null = null;

  constructor(open: () => Duplex) {
    this.#open = open;
  }

  /** The builder's answer, or null where it died, hangs, or says what it may not. */
  async ask(request: WithoutId<BuilderRequest>): Promise<BuilderAnswer | null> {
    const caller = (this.#caller ??= this.#connect());
    const timer = setTimeout(() => caller.close(), ANSWER_MS_MAX);
    try {
      return await caller.call((id) => ({ ...request, id }));
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  #connect(): Caller<BuilderRequest, BuilderAnswer> {
    const caller = new Caller(this.#open(), builderRequest, builderAnswer);
    void caller.closed.then(() => {
      if (this.#caller === caller) this.#caller = null;
    });
    return caller;
  }
}
