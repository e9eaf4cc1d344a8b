import type { Outcome } from '../sweep/message.ts';
import { type Axis, coordinatesOf, indexOf } from '../sweep/space.ts';

const SHADES = ' ·░▒▓█';

/**
 * Profit over the two longest axes through the best configuration, as text: darker is better, `◆` is the best,
 * `×` a configuration that cannot work, `?` one that has not run.
 */
export function heatMap(
  axes: readonly Axis[],
  outcomes: ReadonlyMap<number, Outcome>,
  best: Outcome,
): readonly string[] {
  const order = axes.map((_, n) => n).toSorted((a, b) => lengthOf(axes, b) - lengthOf(axes, a));
  const [down = 0, across = down] = order;
  const [rows, columns] = [axes[down], axes[across]];
  if (rows === undefined || columns === undefined || down === across) return [];
  const at = [...coordinatesOf(axes, best.index)];
  const cells = rows.values.map((_, row) =>
    columns.values.map((__, column) => {
      at[down] = row;
      at[across] = column;
      return outcomes.get(indexOf(axes, at));
    }),
  );
  const profits = cells
    .flat()
    .flatMap((one) => (one === undefined || one.refused !== null ? [] : [one.profit]));
  const low = Math.min(...profits);
  const span = Math.max(...profits) - low || 1;
  const shade = (one: Outcome | undefined): string => {
    if (one === undefined) return '?';
    if (one.refused !== null) return '×';
    if (one.index === best.index) return '◆';
    return SHADES[Math.round(((one.profit - low) / span) * (SHADES.length - 1))] ?? ' ';
  };
  const width = Math.max(...rows.values.map((value) => value.length));
  return [
    `${rows.name} (down) by ${columns.name} (${columns.values[0]} to ${columns.values.at(-1)})`,
    ...cells.map((line, row) => `${(rows.values[row] ?? '').padStart(width)} ${line.map(shade).join('')}`),
  ];
}

function lengthOf(axes: readonly Axis[], n: number): number {
  return axes[n]?.values.length ?? 0;
}
