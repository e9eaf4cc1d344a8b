import type { Price } from '@counterfoil/vocabulary';
import { entrySide, exitSide } from '../direction.ts';
import type { DesiredOrder } from '../working-orders.ts';
import { startDeal } from './begin-deal.ts';
import type { DcaCommand } from './commands.ts';
import { closing, settleDeal } from './settling.ts';
import type { DcaDeal } from './state.ts';
import type { Turn } from './turn.ts';

/** Does what the owner asks; what cannot be done is said and changes nothing. */
export function obeyCommand(turn: Turn, command: DcaCommand, market: number, price: Price): void {
  switch (command.kind) {
    case 'enable':
      turn.enable();
      return;
    case 'disable':
      turn.disable('bot-stopped');
      return;
    case 'start-deal':
      turn.look(market, price);
      startDeal(turn, market, price);
      return;
    case 'close-deal':
    case 'cancel-deal':
    case 'convert-deal':
    case 'change-deal':
    case 'add-funds':
    case 'reduce-funds':
    case 'cancel-extra':
    case 'start-trailing':
      obeyForDeal(turn, command, market, price);
      return;
    default:
      command satisfies never;
  }
}

function obeyForDeal(turn: Turn, command: DealCommand, market: number, price: Price): void {
  const deal = turn.state.deals.find((one) => one.number === command.deal);
  if (deal === undefined) {
    turn.note({ code: 'ignored', what: command.kind, why: 'deal-over', detail: String(command.deal) });
    return;
  }
  if (deal.market !== market) {
    // The price told is another market's: sizing or closing by it would be wrong by any factor.
    turn.note({
      code: 'ignored',
      what: command.kind,
      why: 'other-market',
      detail: `deal ${deal.number} is on market ${deal.market}, not ${market}`,
    });
    return;
  }
  turn.look(market, price);
  const next = changeDeal(turn, deal, command, price);
  if (next !== null) settleDeal(turn, next, price);
}

type DealCommand = Exclude<DcaCommand, { kind: 'enable' | 'disable' | 'start-deal' }>;

function changeDeal(turn: Turn, deal: DcaDeal, command: DealCommand, price: Price): DcaDeal | null {
  switch (command.kind) {
    case 'close-deal':
      if (deal.account.enteredQuantity === 0n) return { ...deal, phase: 'leaving', why: 'closed-by-user' };
      return closing(turn, deal, 'closed-by-user', price);
    case 'cancel-deal':
      return { ...deal, phase: 'leaving', why: 'cancelled-by-user' };
    case 'convert-deal':
      return { ...deal, phase: 'leaving', why: 'converted' };
    case 'change-deal':
      return {
        ...deal,
        options: { ...deal.options, takeProfit: command.takeProfit, stopLoss: command.stopLoss },
      };
    case 'add-funds':
    case 'reduce-funds':
      return withExtra(turn, deal, command);
    case 'cancel-extra':
      return { ...deal, extras: deal.extras.filter((one) => one.role !== command.role) };
    case 'start-trailing':
      if (deal.phase !== 'open' || deal.options.takeProfit.trailing === null) {
        turn.note({
          code: 'ignored',
          what: 'start-trailing',
          why: 'not-trailing',
          detail: '',
        });
        return null;
      }
      turn.note({ code: 'trailing-began', deal: deal.number, price });
      return { ...deal, trailingFrom: price };
    default:
      return command satisfies never;
  }
}

function withExtra(
  turn: Turn,
  deal: DcaDeal,
  command: Extract<DealCommand, { kind: 'add-funds' | 'reduce-funds' }>,
): DcaDeal | null {
  if (deal.phase !== 'open') {
    turn.note({ code: 'ignored', what: command.kind, why: 'phase', detail: `deal is ${deal.phase}` });
    return null;
  }
  const number = deal.extrasMade + 1;
  const { direction } = deal.options;
  const limit = command.kind === 'add-funds' ? command.price : null;
  const extra: DesiredOrder = {
    role: `${command.kind === 'add-funds' ? 'add' : 'reduce'}${number}`,
    side: command.kind === 'add-funds' ? entrySide(direction) : exitSide(direction),
    type: limit === null ? 'market' : 'limit',
    price: limit,
    quantity: command.quantity,
  };
  return { ...deal, extras: [...deal.extras, extra], extrasMade: number };
}
