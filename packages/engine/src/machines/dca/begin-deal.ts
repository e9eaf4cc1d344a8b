import type { Price } from '@counterfoil/vocabulary';
import { hasRoom } from './parking.ts';
import { settleDeal } from './settling.ts';
import { isInRange, openDeal } from './starting.ts';
import type { Turn } from './turn.ts';

/** Every stage that is passed leads to the next: cooldown, conditions, price range, delay, deal. */
export function passStage(turn: Turn, index: number, stage: string, price: Price): void {
  const watch = turn.watch(index);
  if (watch === undefined) return;
  if (stage === 'cooldown' || stage === 'range') {
    turn.setStage(index, { kind: 'conditions', afterMs: null });
    return;
  }
  turn.look(index, price);
  if (stage === 'delay') {
    turn.setStage(index, { kind: 'conditions', afterMs: turn.atMs });
    startDeal(turn, index, price);
    return;
  }
  tryStart(turn, index, price);
}

function tryStart(turn: Turn, index: number, price: Price): void {
  const { options } = turn;
  const watch = turn.watch(index);
  if (watch === undefined) return;
  if (!isInRange(options, watch, price)) {
    turn.setStage(index, { kind: 'price-range' });
    const range = options.start.priceRange;
    const bounds = range?.by === 'price' ? range : { min: null, max: null };
    turn.note({ code: 'waiting-for-price-range', market: index, price, min: bounds.min, max: bounds.max });
    return;
  }
  if (options.start.delayMs > 0) {
    const untilMs = turn.atMs + options.start.delayMs;
    turn.setStage(index, { kind: 'delay', untilMs });
    turn.note({ code: 'waiting-for-start-delay', market: index, untilMs });
    return;
  }
  turn.setStage(index, { kind: 'conditions', afterMs: turn.atMs });
  startDeal(turn, index, price);
}

/** Opens a deal and sends its base order, or says what stands in the way. */
export function startDeal(turn: Turn, index: number, price: Price): void {
  const { options, state } = turn;
  if (!hasRoom(options, state, index)) {
    turn.note({ code: 'waiting-for-deal-slot', active: state.deals.length, limit: options.dealsAtOnce });
    return;
  }
  const opened = openDeal(options, state, index, price, turn.atMs);
  if ('refused' in opened) {
    turn.note(opened.refused);
    return;
  }
  const { deal } = opened;
  turn.set({ deals: [...state.deals, deal], dealsStarted: deal.number });
  turn.note({ code: 'deal-started', deal: deal.number, market: index, price, quantity: deal.base.quantity });
  settleDeal(turn, deal, price);
  if (options.dealsMax !== null && deal.number >= options.dealsMax) turn.disable('bot-stopped-after-deals');
}
