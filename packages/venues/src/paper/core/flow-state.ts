import type { Scenario } from './scenario.ts';

/** What the background flow of one market remembers between its steps. All integers: it replays exactly. */
export interface FlowState {
  /** State of the pseudo-random generator. */
  seed: number;
  /** The price around which makers quote, in ticks. */
  referenceTicks: number;
  scenario: Scenario;
  /** Steps since the scenario began, and the reference price at which it did. */
  scenarioSteps: number;
  scenarioTicks: number;
  /** Makers and takers of this market, as account ids. */
  readonly makers: readonly number[];
  readonly takers: readonly number[];
}
