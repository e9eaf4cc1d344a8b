/** What a synthetic market can be told to do. `calm` is how it lives without being told. */
export const SCENARIOS = ['calm', 'range', 'trend', 'crash', 'pump', 'gap', 'halt'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** How long the phases of a scenario last, in steps of the flow: a quarter of a second each by default. */
const PHASE_STEPS = 40;
/** Drift per step in tenths of a bip: a trend of about 7 % an hour, a crash of a fifth in ten seconds. */
const TREND = 0.5;
const CRASH = -600;
const PUMP = 600;
const DUMP = -700;
/** A gap is one jump of this many tenths of a bip. */
const GAP = -5_000;

/** What a scenario asks of one step, counted from its start. */
export interface ScenarioStep {
  /** Tenths of a bip by which the reference moves, beside its own wandering. */
  readonly driftTenthBips: number;
  readonly isHalted: boolean;
  /** True once the scenario is over and the market calm again. */
  readonly isOver: boolean;
}

/** `offTenthBips`: how far the reference is from where the scenario found it; a range pulls it back. */
export function scenarioStep(scenario: Scenario, step: number, offTenthBips: number): ScenarioStep {
  const drift = (driftTenthBips: number, steps: number): ScenarioStep => ({
    driftTenthBips,
    isHalted: false,
    isOver: step >= steps,
  });
  switch (scenario) {
    case 'calm':
      return drift(0, Number.POSITIVE_INFINITY);
    case 'range':
      return drift(-offTenthBips / PHASE_STEPS, Number.POSITIVE_INFINITY);
    case 'trend':
      return drift(TREND, Number.POSITIVE_INFINITY);
    case 'crash':
      return drift(CRASH, PHASE_STEPS);
    case 'pump':
      return drift(step < PHASE_STEPS ? PUMP : DUMP, 2 * PHASE_STEPS);
    case 'gap':
      return drift(step === 0 ? GAP : 0, 1);
    case 'halt':
      return { driftTenthBips: 0, isHalted: step < PHASE_STEPS, isOver: step >= PHASE_STEPS };
  }
}
