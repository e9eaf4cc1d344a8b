/** The two settings that a sweep varies: for each kind of bot those that matter most. */
import type { BotPlan, SweepRequest } from '@counterfoil/api';

type Axis = SweepRequest['axes'][number];

interface AxisOf {
  readonly path: string;
  readonly with: (values: readonly string[]) => Axis;
}

const decimals = (path: string): AxisOf => ({ path, with: (values) => ({ path, values: [...values] }) });
const counts = (path: string): AxisOf => ({ path, with: (values) => ({ path, values: values.map(Number) }) });

const axes: Readonly<Record<BotPlan['kind'], readonly [AxisOf, AxisOf]>> = {
  dca: [decimals('/takeProfit/steps/0/percent'), decimals('/averaging/ladder/deviation')],
  grid: [counts('/lines'), decimals('/lower')],
};

export function sweepAxes(kind: BotPlan['kind']): readonly [AxisOf, AxisOf] {
  return axes[kind];
}

/** Bound by what a person can still read as a map. */
const VALUES_MAX = 40;

/** `0.5 1 1.5` as its values; null where one is not a plain decimal. */
export function valuesOf(text: string): readonly string[] | null {
  const values = text.split(/[\s,;]+/u).filter((value) => value !== '');
  const plain = values.every((value) => /^(?:0|[1-9]\d{0,12})(?:\.\d{1,8})?$/u.test(value));
  return plain && values.length > 0 && values.length <= VALUES_MAX ? values : null;
}
