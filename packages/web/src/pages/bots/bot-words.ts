/** What of a bot is said in a word. */
import type { Bot } from '@counterfoil/api';

/** Its market, or the first of several with their number. */
export function marketOf({ plan }: Bot): string {
  if (plan.kind === 'grid') return plan.options.market;
  const [first = '', ...more] = plan.options.markets;
  return more.length === 0 ? first : `${first} +${more.length}`;
}

/** The symbols that a bot trades. */
export function marketsOf({ plan }: Bot): readonly string[] {
  return plan.kind === 'grid' ? [plan.options.market] : plan.options.markets;
}
