/** English for notices. */
import type { CodeOf } from '@counterfoil/api/sayings';
import type { English } from './english.ts';

export const notices: English<CodeOf<'notices'>> = {
  'nothing-frozen-any-more': () => 'Nothing is frozen any more',
  'vault-signs-again': () => 'The vault signs again.',
  'trading-frozen': () => 'Trading is frozen',
  freezes: ({ all }, say) => all.map(say).join('; '),
  freeze: ({ scope, depth, frozenFor }) => `${scope}: ${depth}, because: ${frozenFor}`,
};
