/** In which respects a mandate allows more than the one before: what an owner is asked to approve, and must be. */
import { type Decimal, compare } from './decimal.ts';
import type { Budget, Mandate } from './protocol/mandate.ts';

type Limit = Decimal | number | null;

/** Below zero, zero or above as `a` is a lower number than `b`. */
function order(a: Decimal | number, b: Decimal | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compare(decimal(a), decimal(b));
}

function decimal(value: Decimal | number): Decimal {
  return typeof value === 'number' ? { units: BigInt(value), scale: 0 } : value;
}

/** Whether a largest allowed value grew or went away. */
const raised = (before: Limit, after: Limit): boolean =>
  before !== null && (after === null || order(after, before) > 0);

/** Whether a least required value shrank or went away. */
const lowered = (before: Limit, after: Limit): boolean =>
  before !== null && (after === null || order(after, before) < 0);

/** Whether `after` has something that `before` does not; null has everything. */
function widened<T>(before: readonly T[] | null, after: readonly T[] | null): boolean {
  if (before === null) return false;
  return after === null || after.some((item) => !before.includes(item));
}

const budgetRules: { readonly [F in keyof Omit<Budget, 'asset'>]: (before: Limit, after: Limit) => boolean } =
  {
    perOrder: raised,
    perHour: raised,
    perDay: raised,
    open: raised,
    dayLoss: raised,
    volumeMin: lowered,
  };

/**
 * A budget covers the markets whose symbols end in its asset, and a market that several cover must hold all. So a new
 * budget allows more where no remaining one held its markets before, and a budget that is gone allows more where
 * another still covers some of its markets.
 */
function budgetLoosenings(before: readonly Budget[], after: readonly Budget[]): readonly string[] {
  const names = [...new Set([...before, ...after].map(({ asset }) => asset))];
  return names.flatMap((asset) => {
    const old = before.filter((budget) => budget.asset === asset);
    const now = after.filter((budget) => budget.asset === asset);
    if (old.length === 0)
      return before.some((budget) => asset.endsWith(budget.asset)) ? [] : [`budgets.${asset}`];
    if (now.length === 0) {
      const covered = after.some((budget) => budget.asset.endsWith(asset) || asset.endsWith(budget.asset));
      return covered ? [`budgets.${asset}`] : [];
    }
    return Object.entries(budgetRules)
      .filter(([field, rule]) => {
        const name = field as keyof typeof budgetRules;
        return old.some((was) => now.every((is) => rule(was[name], is[name])));
      })
      .map(([field]) => `budgets.${asset}.${field}`);
  });
}

/** One rule for each field, so that a new field does not compile without one. */
const rules: {
  readonly [F in Exclude<keyof Mandate, 'budgets'>]: (before: Mandate[F], after: Mandate[F]) => boolean;
} = {
  label: () => false,
  markets: widened,
  denied: (before, after) => widened(after, before),
  sides: widened,
  types: widened,
  ordersPerMinute: raised,
  cancelsPerMinute: raised,
  bandBps: raised,
  shareBps: raised,
  reduceOnly: (before, after) => before && !after,
  validUntilMs: raised,
  hours: (before, after) => (after & ~before) !== 0,
  approvals: lowered,
};

/** Names of the fields in which `after` is looser than `before`; none where it is as tight or tighter. */
export function loosenings(before: Mandate, after: Mandate): readonly string[] {
  const fields = Object.keys(rules) as (keyof typeof rules)[];
  // Each rule takes the type of its own field, which a loop over all of them cannot say.
  const isLooser = (field: keyof typeof rules): boolean =>
    (rules[field] as (a: unknown, b: unknown) => boolean)(before[field], after[field]);
  return [...fields.filter(isLooser), ...budgetLoosenings(before.budgets, after.budgets)];
}
