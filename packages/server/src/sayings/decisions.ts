/** English for what bots decided. */
import type { ValuesOf } from '@counterfoil/api';
import type { CodeOf } from '@counterfoil/api/sayings';
import { clock } from './clock.ts';
import type { English } from './english.ts';

type Why = ValuesOf<'closing'>['why'];

const closed: Readonly<Record<Why, string>> = {
  'take-profit': 'its target was reached',
  'trailing-take-profit': 'the price came back from its best by the trail',
  'stop-loss': 'its stop was reached',
  signal: 'its closing conditions hold',
  timeout: 'its time was over',
  'closed-by-user': 'you closed it',
  'cancelled-by-user': 'you cancelled it',
  converted: 'it goes on as a SmartTrade',
  'not-opened': 'its entry did not fill',
  'grid-stopped': 'the grid was stopped',
};

type Idle = ValuesOf<'ignored'>['idle'];

const idle: Readonly<Record<Idle, (detail: string) => string>> = {
  'no-such-order': () => 'no such order is working',
  booked: (trade) => `trade ${trade} is booked already`,
  'no-such-trigger': (what) => `the ${what} waits for no such trigger`,
  'no-such-market': (market) => `no market ${market}`,
  'deal-over': (deal) => (deal === '' ? 'its deal is over' : `deal ${deal} is over`),
  'other-market': (where) => where,
  'not-trailing': () => 'the deal is not open or has no trailing distance',
  phase: (phase) => `the ${phase}`,
};

export const decisions: English<CodeOf<'decisions'>> = {
  'bot-started': () => 'The bot was started.',
  'bot-stopped': () => 'The bot was stopped.',
  'bot-stopped-by-stop-loss': () => 'The bot stopped itself because a stop was reached.',
  'bot-stopped-after-deals': () => 'The bot stopped itself after its last deal.',
  'waiting-for-deal-slot': ({ active, most }) =>
    `${active} of ${most} deals run; the next one waits for a free place.`,
  'waiting-for-cooldown': ({ symbol, until }) =>
    `The pause after the last deal on ${symbol} ends at ${clock(until)}.`,
  'waiting-for-start-delay': ({ symbol, until }) =>
    `The delay before a deal on ${symbol} ends at ${clock(until)}.`,
  'waiting-for-price-range': ({ symbol, price }) =>
    `The price of ${symbol}, ${price}, is outside the range for new deals.`,
  'waiting-for-signal': ({ symbol, signal }) => `A deal on ${symbol} waits for the signal “${signal}”.`,
  'order-too-small': ({ symbol, rule, least }) =>
    `An order on ${symbol} would be refused: ${rule}, the limit is ${least}.`,
  'deal-started': ({ deal, symbol, quantity, base, price }) =>
    `Deal ${deal} on ${symbol} began: ${quantity} ${base} at ${price}.`,
  'deal-opened': ({ deal, quantity, base, price }) =>
    `Deal ${deal} is open: ${quantity} ${base} at ${price}.`,
  averaged: ({ deal, step, price, average }) =>
    `Averaging order ${step} of deal ${deal} filled at ${price}; the average is ${average}.`,
  'target-taken': ({ deal, step, price }) => `Target ${step} of deal ${deal} was taken at ${price}.`,
  'trailing-began': ({ deal, price }) => `Deal ${deal} trails from ${price}.`,
  'stop-countdown-began': ({ deal, until }) =>
    `The price is beyond the stop of deal ${deal}; it closes at ${clock(until)} unless the price comes back.`,
  'stop-countdown-ended': ({ deal }) => `The price came back; the stop of deal ${deal} waits again.`,
  'stop-moved': ({ deal, price }) => `The stop of deal ${deal} moved to ${price}.`,
  'profit-too-small': ({ deal, profit, wanted, quote }) =>
    `Deal ${deal} stays open: its profit of ${profit} ${quote} is under the wanted ${wanted} ${quote}.`,
  closing: ({ deal, price, why }) => `Deal ${deal} closes at ${price} because ${closed[why]}.`,
  'deal-closed': ({ deal, symbol, why, profit, quote }) =>
    `Deal ${deal} on ${symbol} is closed because ${closed[why]}: ${profit} ${quote}.`,
  'order-refused': ({ order, quoted, until }) =>
    `Order ${order} was refused (${quoted}); it is asked for again at ${clock(until)}.`,
  'order-ended-by-venue': ({ order, until }) =>
    `The venue ended order ${order}; it is asked for again at ${clock(until)}.`,
  ignored: ({ what, idle: why, detail }) => `${what} changed nothing: ${idle[why](detail)}.`,
  'grid-line-filled': ({ line, side, price }) =>
    `Line ${line} ${side === 'buy' ? 'bought' : 'sold'} at ${price}.`,
  'grid-shifted': ({ lower, upper }) => `The grid moved: ${lower} to ${upper}.`,
  'grid-balanced': ({ quantity, base }) => `The grid bought ${quantity} ${base} for its upper lines.`,
};
