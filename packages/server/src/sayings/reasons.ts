/** English for why an order was placed. */
import type { CodeOf } from '@counterfoil/api/sayings';
import type { English } from './english.ts';

export const reasons: English<CodeOf<'reasons'>> = {
  'order-by-hand': () => 'You placed it by hand.',
  'order-begins-deal': () => 'It begins a deal.',
  'order-enters': () => 'It enters the position.',
  'order-averages': ({ step }) => `The price moved against the deal as far as averaging order ${step} asks.`,
  'order-takes-profit': ({ step }) => `It takes the profit at target ${step}.`,
  'order-closes': () => 'It closes the position at market.',
  'order-adds': () => 'You added to the position.',
  'order-reduces': () => 'You closed a part of the position.',
  'order-balances': () => 'It buys what the upper lines of the grid will sell.',
  'order-of-line': () => 'It is an order of a line of the grid.',
  'order-wanted': () => 'The bot wanted it.',
};
