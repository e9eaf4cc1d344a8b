/** Sentences for the engine's structured reasons. */
import type { Decision } from '@counterfoil/api';
import type { CloseReason, Note } from '@counterfoil/engine';
import { formatAmount, formatPrice, formatQuantity, type Market } from '@counterfoil/vocabulary';

const closed: Readonly<Record<CloseReason, string>> = {
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

/** `dealMarket` finds the market of a deal by its number, for notes that name only the deal. */
export function describeNote(
  note: Note,
  markets: readonly Market[],
  dealMarket: (deal: number) => Market | undefined,
): string {
  const [only] = markets;
  const marketOf = (index: number): Market | undefined => markets[index] ?? only;
  const at = (index: number): string => marketOf(index)?.symbol ?? 'an unknown market';
  const ofDeal = (deal: number): Market | undefined => dealMarket(deal) ?? only;
  const price = (market: Market | undefined, value: Parameters<typeof formatPrice>[1]): string =>
    market === undefined ? '?' : formatPrice(market, value);
  const quantity = (market: Market | undefined, value: Parameters<typeof formatQuantity>[1]): string =>
    market === undefined ? '?' : `${formatQuantity(market, value)} ${market.base}`;
  const amount = (market: Market | undefined, value: Parameters<typeof formatAmount>[1]): string =>
    market === undefined ? '?' : `${formatAmount(market, value)} ${market.quote}`;
  switch (note.code) {
    case 'bot-started':
      return 'The bot was started.';
    case 'bot-stopped':
      return 'The bot was stopped.';
    case 'bot-stopped-by-stop-loss':
      return 'The bot stopped itself because a stop was reached.';
    case 'bot-stopped-after-deals':
      return 'The bot stopped itself after its last deal.';
    case 'waiting-for-deal-slot':
      return `${note.active} of ${note.limit} deals run; the next one waits for a free place.`;
    case 'waiting-for-cooldown':
      return `The pause after the last deal on ${at(note.market)} ends at ${when(note.untilMs)}.`;
    case 'waiting-for-start-delay':
      return `The delay before a deal on ${at(note.market)} ends at ${when(note.untilMs)}.`;
    case 'waiting-for-price-range':
      return `The price of ${at(note.market)}, ${price(marketOf(note.market), note.price)}, is outside the range for new deals.`;
    case 'waiting-for-signal':
      return `A deal on ${at(note.market)} waits for the signal “${note.signal}”.`;
    case 'order-too-small':
      return `An order on ${at(note.market)} would be refused: ${note.reason}, the limit is ${note.limit}.`;
    case 'deal-started': {
      const market = marketOf(note.market);
      return `Deal ${note.deal} on ${at(note.market)} began: ${quantity(market, note.quantity)} at ${price(market, note.price)}.`;
    }
    case 'deal-opened': {
      const market = ofDeal(note.deal);
      return `Deal ${note.deal} is open: ${quantity(market, note.quantity)} at ${price(market, note.price)}.`;
    }
    case 'averaged': {
      const market = ofDeal(note.deal);
      return `Averaging order ${note.step} of deal ${note.deal} filled at ${price(market, note.price)}; the average is ${price(market, note.average)}.`;
    }
    case 'target-taken': {
      const market = ofDeal(note.deal);
      return `Target ${note.step} of deal ${note.deal} was taken at ${price(market, note.price)}.`;
    }
    case 'trailing-began':
      return `Deal ${note.deal} trails from ${price(ofDeal(note.deal), note.price)}.`;
    case 'stop-countdown-began':
      return `The price is beyond the stop of deal ${note.deal}; it closes at ${when(note.untilMs)} unless the price comes back.`;
    case 'stop-countdown-ended':
      return `The price came back; the stop of deal ${note.deal} waits again.`;
    case 'stop-moved':
      return `The stop of deal ${note.deal} moved to ${price(ofDeal(note.deal), note.price)}.`;
    case 'profit-too-small': {
      const market = ofDeal(note.deal);
      return `Deal ${note.deal} stays open: its profit of ${amount(market, note.profit)} is under the wanted ${amount(market, note.wanted)}.`;
    }
    case 'closing':
      return `Deal ${note.deal} closes at ${price(ofDeal(note.deal), note.price)} because ${closed[note.why]}.`;
    case 'deal-closed': {
      const market = marketOf(note.market);
      return `Deal ${note.deal} on ${at(note.market)} is closed because ${closed[note.why]}: ${amount(market, note.profit)}.`;
    }
    case 'order-refused':
      return `Order ${note.order} was refused (${note.reason}); it is asked for again at ${when(note.retryAtMs)}.`;
    case 'order-ended-by-venue':
      return `The venue ended order ${note.order}; it is asked for again at ${when(note.retryAtMs)}.`;
    case 'ignored':
      return `${note.what} changed nothing: ${note.why}.`;
    case 'grid-line-filled':
      return `Line ${note.line} ${note.side === 'buy' ? 'bought' : 'sold'} at ${price(only, note.price)}.`;
    case 'grid-shifted':
      return `The grid moved: ${price(only, note.lower)} to ${price(only, note.upper)}.`;
    case 'grid-balanced':
      return `The grid bought ${quantity(only, note.quantity)} for its upper lines.`;
    default:
      return note satisfies never;
  }
}

export function decisionOf(at: Date, note: Note, sentence: string): Decision {
  return { at: at.toISOString(), code: note.code, sentence };
}

function when(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
