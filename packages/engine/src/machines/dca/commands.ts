import type { Price, Quantity } from '@counterfoil/vocabulary';
import type { StopLossOptions, TakeProfitOptions } from './options.ts';

/** What the owner of a bot or deal may ask for by hand. */
export type DcaCommand =
  | { readonly kind: 'enable' }
  /** Open deals run on. */
  | { readonly kind: 'disable' }
  | { readonly kind: 'start-deal' }
  | { readonly kind: 'close-deal'; readonly deal: number }
  /** Cancels the orders of the deal and keeps the coins. */
  | { readonly kind: 'cancel-deal'; readonly deal: number }
  /** A manual averaging order; `price` null means at market. */
  | {
      readonly kind: 'add-funds';
      readonly deal: number;
      readonly quantity: Quantity;
      readonly price: Price | null;
    }
  | { readonly kind: 'reduce-funds'; readonly deal: number; readonly quantity: Quantity }
  | { readonly kind: 'cancel-extra'; readonly deal: number; readonly role: string }
  | { readonly kind: 'start-trailing'; readonly deal: number }
  | {
      readonly kind: 'change-deal';
      readonly deal: number;
      readonly takeProfit: TakeProfitOptions;
      readonly stopLoss: StopLossOptions | null;
    }
  /** Ends the deal here; its position goes on as a SmartTrade (`smartTradeFromDeal`). */
  | { readonly kind: 'convert-deal'; readonly deal: number };
