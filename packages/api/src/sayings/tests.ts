/** What a reader must know before a preview, and before the figures of a test. */
export const tests = {
  'plan-without-stop': [],
  'plan-without-target': [],
  'plan-in-percent': [],
  'grid-without-stop': [],
  'position-without-stop': [],

  'prices-made-up': [],
  'path-matters': [],
  'candles-coarse': [],
  'candles-missing': ['missing', 'expected'],
  'volumes-rounded': ['volumes'],
  'deals-few': ['deals'],
  'holding-better': [],
  'rows-cut': ['rowsOf', 'total', 'shown'],
  'combinations-left-out': ['combinations', 'quoted'],
  'best-of-many': [],

  'assumes-path': ['path'],
  'assumes-trades': [],
  'assumes-limit-beyond': [],
  'assumes-gap': [],
  'assumes-takers-pay': ['spread', 'slippage'],
  'assumes-whole': [],
  'assumes-share': ['share', 'rows'],
  'assumes-fees': ['feeIn'],
  'assumes-filters': [],
  'assumes-at-once': [],

  'test-of-bot': ['job', 'kind', 'dataSet'],
} as const;
