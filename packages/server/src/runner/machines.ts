/** The three machines behind one face, and what the runner has to know of their states. */
import {
  type DcaState,
  dcaMachine,
  type GridState,
  gridMachine,
  type Machine,
  type SmartTradeState,
  smartTradeMachine,
  type WorkingOrder,
} from '@counterfoil/engine';
import type { BotPlan } from './plan.ts';

export type AnyMachine = Machine<unknown, unknown, unknown>;

/** Each machine is only ever given the options and states of its own kind; outside they are alike. */
function erased<Options, State, Command>(machine: Machine<Options, State, Command>): AnyMachine {
  return machine as unknown as AnyMachine;
}

const machines: Readonly<Record<BotPlan['kind'], AnyMachine>> = {
  dca: erased(dcaMachine),
  grid: erased(gridMachine),
  'smart-trade': erased(smartTradeMachine),
};

export function machineOf(kind: BotPlan['kind']): AnyMachine {
  return machines[kind];
}

/** Orders that the machine has asked for and whose end it does not know. */
export function workingOrdersOf(kind: BotPlan['kind'], state: unknown): readonly WorkingOrder[] {
  if (state === null) return [];
  if (kind === 'dca') return (state as DcaState).deals.flatMap((deal) => deal.orders.working);
  return (state as GridState | SmartTradeState).orders.working;
}

/** Whether the machine will do nothing any more, whatever happens. */
export function isOver(kind: BotPlan['kind'], state: unknown): boolean {
  if (state === null) return false;
  switch (kind) {
    case 'dca': {
      const { enabled, deals } = state as DcaState;
      return !enabled && deals.length === 0;
    }
    case 'grid':
      return (state as GridState).phase === 'stopped';
    case 'smart-trade':
      return (state as SmartTradeState).phase === 'done';
    default:
      return kind satisfies never;
  }
}

/** Whether sizes or the first layout count from the free money, so that it must be told before. */
export function usesFunds(plan: BotPlan): boolean {
  if (plan.kind === 'grid') return true;
  if (plan.kind === 'smart-trade') return false;
  const { baseOrder, averaging } = plan.options;
  const sizes =
    averaging.ladder.kind === 'scaled'
      ? [averaging.ladder.size]
      : averaging.ladder.steps.map((one) => one.size);
  return [baseOrder, ...sizes].some((size) => size.by === 'percent');
}
