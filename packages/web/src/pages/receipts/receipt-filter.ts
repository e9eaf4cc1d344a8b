/** Which orders the explorer shows. Empty text means any. */
import type { Order } from '@counterfoil/api';

export interface ReceiptFilter {
  readonly bot: string;
  readonly symbol: string;
  readonly state: '' | Order['state'];
  /** `missing`: no key was used, or the receipt is not there; each of them is worth a look. */
  readonly receipt: '' | 'there' | 'missing';
}

export const anyReceipt: ReceiptFilter = { bot: '', symbol: '', state: '', receipt: '' };

export function fits(order: Order, { bot, symbol, state, receipt }: ReceiptFilter): boolean {
  return (
    (bot === '' || order.bot === bot) &&
    (symbol === '' || order.symbol === symbol) &&
    (state === '' || order.state === state) &&
    (receipt === '' || order.hasReceipt === (receipt === 'there'))
  );
}
