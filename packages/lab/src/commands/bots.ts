import {
  checkDcaOptions,
  checkGridOptions,
  checkSmartTradeOptions,
  type DcaOptions,
  dcaMachine,
  gridMachine,
  type Machine,
  type Refusal,
  smartTradeMachine,
} from '@counterfoil/engine';
import type { Amount, Market, Price, Quantity } from '@counterfoil/vocabulary';
import { dcaFromFlags } from './dca-flags.ts';
import type { Flags } from './flags.ts';
import { gridFromFlags } from './grid-flags.ts';
import { smartTradeFromFlags } from './smart-trade-flags.ts';

/** A bot made of flags, ready to run, with what is impossible about it. */
export interface PreparedBot {
  readonly name: string;
  readonly machine: Machine<unknown, unknown, never>;
  readonly options: unknown;
  /** The same options where the bot is a DCA bot: sweeps may take a shortcut. */
  readonly dca: DcaOptions | null;
  readonly refusals: readonly Refusal[];
}

export function botFromFlags(
  flags: Flags,
  market: Market,
  price: Price,
  free: { quote: Amount; base: Quantity },
): PreparedBot {
  const name = flags.choice('bot', ['dca', 'grid', 'smart-trade']);
  if (name === 'dca') {
    const options = dcaFromFlags(flags, market);
    const refusals = checkDcaOptions(options, [price], free);
    return { name, machine: erased(dcaMachine), options, dca: options, refusals };
  }
  if (name === 'smart-trade') {
    const options = smartTradeFromFlags(flags, market);
    const refusals = checkSmartTradeOptions(options, price);
    return { name, machine: erased(smartTradeMachine), options, dca: null, refusals };
  }
  const options = gridFromFlags(flags, market);
  const refusals = checkGridOptions(options, price, free);
  return { name, machine: erased(gridMachine), options, dca: null, refusals };
}

/** Reports and sweeps treat bots alike; each machine still gets only the options that were made for it. */
function erased<Options, State, Command>(
  machine: Machine<Options, State, Command>,
): Machine<unknown, unknown, never> {
  return machine as unknown as Machine<unknown, unknown, never>;
}
