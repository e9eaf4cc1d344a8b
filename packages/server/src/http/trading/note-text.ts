/** The engine's structured reasons as sayings. */
import type { Sentence } from '@counterfoil/api';
import type { Note } from '@counterfoil/engine';
import {
  type Amount,
  formatAmount,
  formatPrice,
  formatQuantity,
  type Market,
  type Price,
  type Quantity,
} from '@counterfoil/vocabulary';
import { told } from '../../sayings/tell.ts';

/** `dealMarket` finds the market of a deal by its number, for notes that name only the deal. */
export function describeNote(
  note: Note,
  markets: readonly Market[],
  dealMarket: (deal: number) => Market | undefined,
): Sentence {
  const known = (market: Market | undefined): Market => {
    const found = market ?? markets[0];
    if (found === undefined) throw new Error('a plan has a market');
    return found;
  };
  const of = (index: number): Market => known(markets[index]);
  const ofDeal = (deal: number): Market => known(dealMarket(deal));
  const ofAll = (): Market => known(undefined);
  switch (note.code) {
    case 'bot-started':
    case 'bot-stopped':
    case 'bot-stopped-by-stop-loss':
    case 'bot-stopped-after-deals':
      return told(note.code, {});
    case 'waiting-for-deal-slot':
      return told(note.code, { active: note.active, most: note.limit });
    case 'waiting-for-cooldown':
    case 'waiting-for-start-delay':
      return told(note.code, { symbol: of(note.market).symbol, until: instant(note.untilMs) });
    case 'waiting-for-price-range': {
      const market = of(note.market);
      return told(note.code, { symbol: market.symbol, ...priceOf(market, note) });
    }
    case 'waiting-for-signal':
      return told(note.code, { symbol: of(note.market).symbol, signal: note.signal });
    case 'order-too-small':
      return told(note.code, { symbol: of(note.market).symbol, rule: note.reason, least: note.limit });
    case 'deal-started': {
      const { deal } = note;
      const market = of(note.market);
      return told(note.code, {
        deal,
        symbol: market.symbol,
        ...quantityOf(market, note),
        ...priceOf(market, note),
      });
    }
    case 'deal-opened': {
      const { deal } = note;
      const market = ofDeal(deal);
      return told(note.code, { deal, ...quantityOf(market, note), ...priceOf(market, note) });
    }
    case 'averaged': {
      const { deal, step } = note;
      const market = ofDeal(deal);
      const average = formatPrice(market, note.average);
      return told(note.code, { deal, step, ...priceOf(market, note), average });
    }
    case 'target-taken': {
      const { deal, step } = note;
      return told(note.code, { deal, step, ...priceOf(ofDeal(deal), note) });
    }
    case 'trailing-began':
    case 'stop-moved':
      return told(note.code, { deal: note.deal, ...priceOf(ofDeal(note.deal), note) });
    case 'stop-countdown-began':
      return told(note.code, { deal: note.deal, until: instant(note.untilMs) });
    case 'stop-countdown-ended':
      return told(note.code, { deal: note.deal });
    case 'profit-too-small': {
      const { deal, wanted } = note;
      const market = ofDeal(deal);
      return told(note.code, { deal, wanted: formatAmount(market, wanted), ...profitOf(market, note) });
    }
    case 'closing':
      return told(note.code, { deal: note.deal, why: note.why, ...priceOf(ofDeal(note.deal), note) });
    case 'deal-closed': {
      const { deal, why } = note;
      const market = of(note.market);
      return told(note.code, { deal, symbol: market.symbol, why, ...profitOf(market, note) });
    }
    case 'order-refused': {
      const { order, reason: quoted } = note;
      return told(note.code, { order, quoted, until: instant(note.retryAtMs) });
    }
    case 'order-ended-by-venue':
      return told(note.code, { order: note.order, until: instant(note.retryAtMs) });
    case 'ignored': {
      const { what, why: idle, detail } = note;
      // Ledgers of before hold its reason in words.
      if (detail === undefined) return { sentence: `${what} changed nothing: ${String(idle)}.`, said: null };
      return told(note.code, { what, idle, detail });
    }
    case 'grid-line-filled':
      return told(note.code, { line: note.line, side: note.side, ...priceOf(ofAll(), note) });
    case 'grid-shifted': {
      const [lower, upper] = [formatPrice(ofAll(), note.lower), formatPrice(ofAll(), note.upper)];
      return told(note.code, { lower, upper });
    }
    case 'grid-balanced':
      return told(note.code, quantityOf(ofAll(), note));
    default:
      return note satisfies never;
  }
}

function priceOf(market: Market, { price }: { readonly price: Price }): { readonly price: string } {
  return { price: formatPrice(market, price) };
}

function quantityOf(market: Market, { quantity }: { readonly quantity: Quantity }) {
  return { quantity: formatQuantity(market, quantity), base: market.base };
}

function profitOf(market: Market, { profit }: { readonly profit: Amount }) {
  return { profit: formatAmount(market, profit), quote: market.quote };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
