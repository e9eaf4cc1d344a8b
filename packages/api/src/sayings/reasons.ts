/** Why an order was placed. */
export const reasons = {
  'order-by-hand': [],
  'order-begins-deal': [],
  'order-enters': [],
  'order-averages': ['step'],
  'order-takes-profit': ['step'],
  'order-closes': [],
  'order-adds': [],
  'order-reduces': [],
  'order-balances': [],
  'order-of-line': [],
  'order-wanted': [],
} as const;
