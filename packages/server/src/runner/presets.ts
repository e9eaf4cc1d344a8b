/** The bots that a new installation shows at once: paper money, plain options, nothing to configure. */
import type { DcaOptions, GridOptions } from '@counterfoil/engine';
import { PublicRest } from '@counterfoil/venues';
import {
  floorToTick,
  type Market,
  parseAmount,
  parsePrice,
  parseRate,
  type Price,
  shiftByRate,
} from '@counterfoil/vocabulary';
import { openDatabase } from '../database/open.ts';
import { DEMO_OWNER } from '../worker/demo-connection.ts';
import type { BotPlan } from './plan.ts';
import { BotService } from './service.ts';

export interface PresetOptions {
  readonly databaseUrl: string;
  /** Public data of the paper exchange, and its authority. */
  readonly venueUrl: string;
  readonly ca: string;
  readonly symbol: string;
  /** `synthetic`, `recorded` or `live`. */
  readonly origin: string;
}

/** Makes and starts the first bots of the demo; does nothing where there have been bots before. */
export async function startPresets(options: PresetOptions): Promise<void> {
  const database = await openDatabase({ url: options.databaseUrl });
  const rest = new PublicRest({ venue: 'paper', url: options.venueUrl, ca: options.ca });
  try {
    const service = new BotService(database.kysely);
    if ((await service.bots(DEMO_OWNER)).length > 0) return;
    const { id: connection } = await database.kysely
      .selectFrom('connection')
      .select('id')
      .where('owner', '=', DEMO_OWNER)
      .where('removed_at', 'is', null)
      .orderBy('made_at')
      .executeTakeFirstOrThrow();
    const [market] = await rest.markets([options.symbol]);
    if (market === undefined) throw new Error(`the paper exchange has no market ${options.symbol}`);
    const price = parsePrice(market, await rest.price(options.symbol));
    const { base } = market;
    const dca = options.origin === 'recorded' ? FITTED : options.origin === 'live' ? WIDE : PLAIN;
    const presets: (readonly [string, BotPlan])[] = [
      [`Demo DCA ${base}`, { kind: 'dca', options: dcaOptions(market, dca) }],
    ];
    if (options.origin !== 'recorded')
      presets.push([`Demo grid ${base}`, { kind: 'grid', options: gridOptions(market, price) }]);
    for (const [name, plan] of presets) {
      const bot = await service.create({ owner: DEMO_OWNER, name, connection, plan });
      await service.request(DEMO_OWNER, bot, { kind: 'start' });
    }
  } finally {
    rest.close();
    await database.close();
  }
}

interface DcaFigures {
  readonly order: string;
  readonly steps: number;
  readonly active: number;
  readonly deviation: string;
  readonly volumeScale: string;
  readonly target: string;
}

/** Fractions: 0.005 is half a percent. */
const PLAIN: DcaFigures = {
  order: '100',
  steps: 5,
  active: 2,
  deviation: '0.002',
  volumeScale: '1.2',
  target: '0.004',
};
/** A real market takes a day for the few percent that the synthetic one wanders in minutes. */
const WIDE: DcaFigures = {
  order: '100',
  steps: 5,
  active: 2,
  deviation: '0.006',
  volumeScale: '1.2',
  target: '0.008',
};
/** Recordings are minutes long: the bot is fitted to their small moves, and loses to fees what it gains. */
const FITTED: DcaFigures = {
  order: '20',
  steps: 18,
  active: 6,
  deviation: '0.0002',
  volumeScale: '1.4',
  target: '0.0001',
};

function dcaOptions(market: Market, figures: DcaFigures): DcaOptions {
  const size = { by: 'quote', amount: parseAmount(market, figures.order) } as const;
  return {
    markets: [market],
    direction: 'long',
    start: { conditions: [], delayMs: 0, cooldownMs: 0, priceRange: null, turnoverMin: null },
    baseOrder: size,
    baseOrderType: 'market',
    averaging: {
      ladder: {
        kind: 'scaled',
        size,
        steps: figures.steps,
        deviation: parseRate(figures.deviation),
        stepScale: parseRate('1'),
        volumeScale: parseRate(figures.volumeScale),
      },
      activeMax: figures.active,
      conditions: [],
    },
    takeProfit: {
      of: 'total',
      steps: [{ rate: parseRate(figures.target), share: parseRate('1') }],
      trailing: null,
    },
    stopLoss: null,
    closing: { conditions: [], profitMin: null, timeoutMs: null },
    dealsAtOnce: 1,
    dealsPerMarket: 1,
    dealsMax: null,
    profitCurrency: 'quote',
    reinvestRate: parseRate('0'),
    riskReductionRate: parseRate('0'),
  };
}

function gridOptions(market: Market, price: Price): GridOptions {
  const away = (rate: string): Price => floorToTick(market, shiftByRate(price, parseRate(rate), 'floor'));
  return {
    market,
    lower: away('-0.03'),
    upper: away('0.03'),
    lines: 13,
    spacing: 'arithmetic',
    size: { by: 'quote', amount: parseAmount(market, '100') },
    profitCurrency: 'quote',
    balanceAtStart: true,
    activeBuysMax: null,
    activeSellsMax: null,
    trailingUp: false,
    trailingDown: false,
    expandUpTo: null,
    expandDownTo: null,
    upperStop: null,
    lowerStop: null,
  };
}
