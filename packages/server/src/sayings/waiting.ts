/** English for why a bot does not trade now. */
import type { ValuesOf } from '@counterfoil/api';
import type { CodeOf } from '@counterfoil/api/sayings';
import type { English } from './english.ts';

const rests = (orders: number): string => `${orders} of its orders ${orders === 1 ? 'is' : 'are'} open`;

const away = ({ level, now, distance }: ValuesOf<'until-at-or-above'>, sign: string, follows = ''): string =>
  `price ${sign} ${level} (now ${now}, ${distance} % away${follows})`;

const order = (values: ValuesOf<'order-at-market'>, at: string): string => {
  const { side, quantity, base, filled, state } = values;
  const part = filled === '0' ? '' : `, ${filled} of it filled`;
  return `${side} ${quantity} ${base} ${at}${part}${state === 'working' ? '' : ` (${state})`}`;
};

const frozen: Readonly<Record<ValuesOf<'frozen-for'>['scope'], string>> = {
  connection: 'Its connection',
  user: 'The workspace',
  everything: 'The vault',
};

export const waiting: English<CodeOf<'waiting'>> = {
  'why-not-started': () => 'It has not been started.',
  'why-stopped': () => 'It has stopped: it holds no order and waits for nothing.',
  'why-market-closed': ({ symbol, status }) =>
    `The market ${symbol} is ${status}: nothing is bought or sold until it trades again.`,
  'why-waits-for-owner': () => 'It waits for its owner.',
  'why-waits-for-fills': ({ orders }) => `${rests(orders)}: it waits for their fills.`,
  'why-waits': ({ about }, say) => `It waits for ${say(about)}.`,
  'why-waits-and-rests': ({ about, orders }, say) => `It waits for ${say(about)}; ${rests(orders)}.`,
  'until-time': ({ seconds }) => `${seconds} s to pass`,
  'until-next-price': () => 'the next price',
  'until-conditions': ({ all }, say) => all.map(say).join(' and '),
  'until-at-or-above': (values) => away(values, '≥'),
  'until-at-or-below': (values) => away(values, '≤'),
  'until-at-or-above-trailing': (values) => away(values, '≥', ', following the price'),
  'until-at-or-below-trailing': (values) => away(values, '≤', ', following the price'),
  condition: ({ indicator, timeframe, compare, threshold }) =>
    `${indicator} on ${timeframe} ${compare} ${threshold}`,
  'order-at-price': (values) => order(values, `at ${values.price}`),
  'order-at-market': (values) => order(values, 'at market'),

  'vault-answers': () => 'The vault answers.',
  'vault-away': () => 'The vault does not answer; nothing can be ordered until it is back.',
  'nothing-frozen': () => 'Nothing is frozen.',
  'frozen-for': ({ scope, frozenFor, depth }) =>
    `${frozen[scope]} is frozen (${frozenFor}): ${
      depth === 'everything' ? 'nothing is signed' : 'no new position is opened'
    } until it is thawed.`,
  'venue-trades': () => 'The venue trades its markets.',
  'venue-silent': () => 'The venue says no price at the moment: nothing is decided until it does.',
  'venue-rejected': ({ quoted }) => `The venue rejected the last order: ${quoted}`,
  'key-may-trade': () => 'The key may trade.',
  'key-gone': () => 'Its connection is gone: the bot can order nothing.',
  'key-destroyed': ({ name }) => `The key “${name}” does not work: Its key is destroyed.`,
  'key-troubled': ({ name, quoted }) => `The key “${name}” does not work: ${quoted}`,
  'key-unregistered': ({ name }) => `The key “${name}” is not registered at the venue yet.`,
  'limits-allow': () => 'The limits of its connection allow its markets.',
  'limits-unknown': () => 'The vault knows no limits for its connection, so it signs nothing.',
  'limits-over': () => 'The limits of its connection have run out: sign new ones.',
  'limits-outside': ({ symbol }) => `The limits of its connection do not allow ${symbol}.`,
  'limits-refused': ({ quoted }) => `The vault refused the last order: ${quoted}`,
  'worker-has-it': () => 'A worker has it.',
  'worker-gone': () => 'No worker has it at the moment; within two seconds another one takes it over.',
  'funds-enough': () => 'No order failed for want of money.',
  'funds-short': () => 'The last order was rejected: the account has too little.',
};
