const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** A line chart of `values` as text, `width` columns by `height` rows, eighth of a row fine. */
export function textChart(values: readonly number[], width: number, height: number): readonly string[] {
  const columns = squeeze(values, width);
  const low = Math.min(...columns);
  const span = Math.max(...columns) - low || 1;
  return Array.from({ length: height }, (_, row) => {
    const floor = (height - 1 - row) * 8;
    return columns
      .map((value) => {
        const eighths = Math.round(((value - low) / span) * (height * 8 - 1)) + 1 - floor;
        return BLOCKS[Math.max(0, Math.min(8, eighths))] ?? ' ';
      })
      .join('');
  });
}

/** As many values as columns, each the mean of its share. */
function squeeze(values: readonly number[], width: number): number[] {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / count));
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
