/** English for notices. */
import type { CodeOf } from '@counterfoil/api/sayings';
import type { English } from './english.ts';

export const notices: English<CodeOf<'notices'>> = {
  'nothing-frozen-any-more': () => 'Nothing is frozen any more',
  'vault-signs-again': () => 'The vault signs again.',
  'trading-frozen': () => 'Trading is frozen',
  freezes: ({ all }, say) => all.map(say).join('; '),
  freeze: ({ scope, depth, frozenFor }) => `${scope}: ${depth}, because: ${frozenFor}`,
  'foreign-trade': () => 'A trade we didn’t place',
  'foreign-trade-asked': ({ side, quantity, symbol, price }) =>
    `${side.toUpperCase()} ${quantity} ${symbol} at ${price} has no receipt. Say on the Security page whether it was you.`,
};
