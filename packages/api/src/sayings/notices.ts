/** What notices say besides what bots decided. */
export const notices = {
  'nothing-frozen-any-more': [],
  'vault-signs-again': [],
  'trading-frozen': [],
  /** `all` is a list of the next one. */
  freezes: ['all'],
  freeze: ['scope', 'depth', 'frozenFor'],
  'foreign-trade': [],
  'foreign-trade-asked': ['side', 'quantity', 'symbol', 'price'],
} as const;
