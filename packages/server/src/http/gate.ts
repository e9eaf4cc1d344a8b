/** The line to the gate for everything that is not an order, with its refusals as problems. */
import { CodecError } from '@counterfoil/vocabulary';
import type { GateRefusal, GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { WireError } from '@counterfoil/wire';
import type { GateSession } from '../worker/gate-link.ts';
import { HttpProblem } from './problem.ts';

/** How long a caller waits for a vault that is being restarted. */
const SESSION_MS_MAX = 3_000;

export type Sessions = (msMax: number) => Promise<GateSession | null>;

export type ResultOf<Kind extends GateResult['kind']> = Extract<GateResult, { kind: Kind }>;

export class Gate {
  readonly #session: Sessions;

  constructor(session: Sessions) {
    this.#session = session;
  }

  /** The gate's answer of that kind; a refusal or a missing gate is an `HttpProblem`. */
  async ask<Kind extends GateResult['kind']>(intent: Intent, kind: Kind): Promise<ResultOf<Kind>> {
    const result = await this.#result(intent);
    if (result.kind === 'refused') throw refusal(result.code, result.sentence);
    if (!isOf(result, kind)) throw new Error(`the gate answered ${result.kind} to ${intent.kind}`);
    return result;
  }

  async #result(intent: Intent): Promise<GateResult> {
    const session = await this.#session(SESSION_MS_MAX);
    if (session === null)
      throw new HttpProblem('vault-away', 'The vault does not answer; nothing was asked of it. Try again.');
    try {
      return await session.ask(intent);
    } catch (error) {
      // The intent was not of the protocol, and so it never left.
      if (error instanceof CodecError)
        throw new HttpProblem(
          'bad-form',
          `The vault takes no such request: ${error.message}; nothing was done.`,
        );
      if (!(error instanceof WireError)) throw error;
      throw new HttpProblem(
        'vault-away',
        'The vault ended while it was asked, and nobody knows whether it acted. Look at what came of it.',
      );
    }
  }
}

function isOf<Kind extends GateResult['kind']>(result: GateResult, kind: Kind): result is ResultOf<Kind> {
  return result.kind === kind;
}

function refusal(code: GateRefusal, sentence: string): HttpProblem {
  const problem = code === 'frozen' ? 'frozen' : code === 'not-approved' ? 'passkey-needed' : 'refused';
  return new HttpProblem(problem, sentence, { refusal: code });
}
