/**
 * What sayings are filled with. A name means the same thing in every saying, so that a page knows by the name alone how
 * to show it. Plain data: the dashboard takes it without the schemas.
 */
import type { Saying } from './index.ts';

/** `decimal`: exact, signed where it is a gain. `text`: names that people or venues gave, shown as they are. */
export type Kind = 'count' | 'decimal' | 'instant' | 'text' | 'saying' | 'sayings' | readonly string[];

export const valueKinds = {
  active: 'count',
  combinations: 'count',
  covered: 'count',
  deal: 'count',
  deals: 'count',
  expected: 'count',
  keys: 'count',
  line: 'count',
  missing: 'count',
  next: 'count',
  most: 'count',
  orders: 'count',
  owners: 'count',
  passkeys: 'count',
  seconds: 'count',
  shown: 'count',
  step: 'count',
  total: 'count',
  trades: 'count',
  volumes: 'count',

  average: 'decimal',
  distance: 'decimal',
  filled: 'decimal',
  held: 'decimal',
  least: 'decimal',
  level: 'decimal',
  lower: 'decimal',
  needed: 'decimal',
  now: 'decimal',
  price: 'decimal',
  profit: 'decimal',
  quantity: 'decimal',
  share: 'decimal',
  slippage: 'decimal',
  smallest: 'decimal',
  spread: 'decimal',
  tick: 'decimal',
  upper: 'decimal',
  wanted: 'decimal',

  until: 'instant',

  asset: 'text',
  base: 'text',
  connection: 'text',
  contract: 'text',
  dataSet: 'text',
  /** What of it, in a machine's own terms; empty where that says enough. */
  detail: 'text',
  /** As the options name it. */
  field: 'text',
  indicator: 'text',
  name: 'text',
  order: 'text',
  quote: 'text',
  /** Of a venue, the vault or a worker, in its own words. */
  quoted: 'text',
  signal: 'text',
  symbol: 'text',
  /** An indicator's level as its bot's options have it. */
  threshold: 'text',
  timeframe: 'text',
  trade: 'text',
  venue: 'text',
  /** Numbers and rates of options, as they were given or may be. */
  given: 'text',
  before: 'text',
  deepest: 'text',
  min: 'text',
  max: 'text',

  what: 'text',
  who: 'text',

  about: 'saying',
  all: 'sayings',

  answer: ['mine', 'other-app', 'not-me'],
  compare: ['less', 'greater', 'crossing-up', 'crossing-down'],
  depth: ['noNewPositions', 'everything'],
  effect: ['inForce', 'waits', 'needsApproval'],
  feeIn: ['quote', 'received', 'third'],
  frozenFor: [
    'asked',
    'wire-check',
    'mandate-refusals',
    'permission-change',
    'clock-jump',
    'log-mismatch',
    'store-rollback',
    'restored',
  ],
  idle: [
    'no-such-order',
    'booked',
    'no-such-trigger',
    'no-such-market',
    'deal-over',
    'other-market',
    'not-trailing',
    'phase',
  ],
  isolation: ['L1', 'L2', 'L3'],
  job: ['backtest', 'sweep'],
  kind: ['dca', 'grid', 'smart-trade'],
  path: ['adaptive', 'low-first', 'high-first', 'close-only'],
  /** Of bots, SmartTrades and their deals. */
  request: [
    'start',
    'pause',
    'stop',
    'edit',
    'start-deal',
    'close-deal',
    'cancel-deal',
    'reduce-deal',
    'change-deal',
    'convert-deal',
    'trail',
    'add-funds',
    'force-start',
    'close',
    'cancel',
    'reduce',
    'change-exits',
  ],
  role: ['viewer', 'trader', 'owner'],
  rule: [
    'priceOffTick',
    'priceTooLow',
    'priceTooHigh',
    'quantityOffLot',
    'quantityTooSmall',
    'quantityTooLarge',
    'notionalTooSmall',
    'notionalTooLarge',
  ],
  rows: ['candles', 'trades'],
  rowsOf: ['deals', 'fills'],
  scope: ['connection', 'user', 'everything'],
  side: ['buy', 'sell'],
  state: ['working', 'cancelling', 'unknown', 'ended'],
  status: ['trading', 'halted', 'cancelOnly', 'closed'],
  why: [
    'take-profit',
    'trailing-take-profit',
    'stop-loss',
    'signal',
    'timeout',
    'closed-by-user',
    'cancelled-by-user',
    'converted',
    'not-opened',
    'grid-stopped',
  ],
} as const satisfies Readonly<Record<string, Kind>>;

export type ValueName = keyof typeof valueKinds;

export type Value<Name extends ValueName> = Of<(typeof valueKinds)[Name]>;

type Of<K extends Kind> = K extends 'count'
  ? number
  : K extends 'saying'
    ? Saying
    : K extends 'sayings'
      ? readonly Saying[]
      : K extends readonly (infer Word)[]
        ? Word
        : string;
