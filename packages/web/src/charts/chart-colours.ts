/** The page's colours as the charts take them: canvases do not read style sheets. */
const names = ['up', 'down', 'accent', 'danger', 'muted', 'line', 'ink'] as const;

export type ChartColours = Readonly<Record<(typeof names)[number], string>>;

export function chartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as ChartColours;
}
