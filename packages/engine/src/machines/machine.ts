import type { BotEvent, OrderIntent, Price } from '@counterfoil/vocabulary';
import type { IndicatorSpec } from '../indicators/specification.ts';
import type { SeriesCondition } from '../triggers/trigger.ts';
import type { Note } from './notes.ts';

/**
 * A bot as a pure function: what it knows, what happens, what follows. The same function runs in a backtest, on
 * paper and live; it reads no clock and draws no random number, so the same events give the same orders.
 */
export interface Machine<Options, State, Command> {
  readonly begin: (options: Options) => State;
  readonly step: (options: Options, state: State, event: MachineEvent<Command>) => Step<State>;
}

/** What a machine may be told: the facts of the vocabulary, outside signals and its owner's commands. */
export type MachineEvent<Command> =
  | BotEvent
  /** A named outside signal (a webhook) about one of the bot's markets. */
  | {
      readonly kind: 'signal';
      readonly name: string;
      readonly market: number;
      readonly atMs: number;
      readonly price: Price;
    }
  /** `market` is the one that the command is about, the bot's first where it is about none. */
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly market: number;
      readonly atMs: number;
      readonly price: Price;
    };

export interface Step<State> {
  readonly state: State;
  /**
   * Everything the bot is parked on now. The list is whole: what is not in it is disarmed. A trigger with the
   * name and condition of one that waits already is that one, and a trail keeps its peak.
   */
  readonly triggers: readonly Parked[];
  /** In the order in which they are to be journalled and sent. */
  readonly intents: readonly OrderIntent[];
  /** Why each of it was done, or not. */
  readonly notes: readonly Note[];
}

/** One named trigger of a bot; the name comes back in `triggerFired`. */
export interface Parked {
  readonly name: string;
  readonly on: ParkedOn;
}

export type ParkedOn =
  /** `market` counts into the bot's markets. */
  | { readonly kind: 'price'; readonly market: number; readonly condition: SeriesCondition }
  /** `market` is the one whose price the machine wants to be told with the time. */
  | { readonly kind: 'time'; readonly market: number; readonly atMs: number }
  /**
   * Fires when all conditions hold on the candles closed last; with `afterMs`, only once a candle closed after
   * that moment. No condition at all holds always.
   */
  | {
      readonly kind: 'conditions';
      readonly market: number;
      readonly conditions: readonly IndicatorCondition[];
      readonly afterMs: number | null;
    };

/** A statement about an indicator on closed candles. Crossing: the candle before on one side, the last on the other. */
export interface IndicatorCondition {
  readonly kind: 'indicator';
  readonly indicator: IndicatorSpec;
  readonly timeframe: Timeframe;
  readonly compare: 'less' | 'greater' | 'crossing-up' | 'crossing-down';
  readonly level: number;
}

export const timeframeMs = {
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '8h': 28_800_000,
  '1d': 86_400_000,
} as const;

export type Timeframe = keyof typeof timeframeMs;

/** A statement that an outside signal makes true for a while. */
export interface SignalCondition {
  readonly kind: 'signal';
  readonly name: string;
  /** How long one signal counts, so that it can meet the other conditions. */
  readonly validMs: number;
}

export type Condition = IndicatorCondition | SignalCondition;
