import type { Report } from './report.ts';
import { amount, day } from './words.ts';

const WIDTH = 900;
const HEIGHT = 260;
/** Room for the dates below the curve. */
const FOOT = 24;
const LINES = 4;

/** The worth of the account as a picture: four levels with their figures, and the first and last moment. */
export function equityChart({ equity, coverage }: Report): string {
  const [low, high] = [Math.min(...equity), Math.max(...equity)];
  const span = high - low || 1;
  const y = (value: number): number => 14 + (1 - (value - low) / span) * (HEIGHT - FOOT - 20);
  const x = (n: number): number => (n / Math.max(1, equity.length - 1)) * WIDTH;
  const levels = Array.from({ length: LINES }, (_, n) => low + (span * n) / (LINES - 1));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Worth of the account over time">`,
    ...levels.map((level) => {
      const at = y(level).toFixed(1);
      const words = amount(level, '').trim();
      return `<line x1="0" x2="${WIDTH}" y1="${at}" y2="${at}"/><text x="2" y="${(y(level) - 3).toFixed(1)}">${words}</text>`;
    }),
    `<polyline points="${equity.map((value, n) => `${x(n).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}"/>`,
    `<text x="0" y="${HEIGHT - 6}">${day(coverage.fromS)}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${day(coverage.toS)}</text>`,
    '</svg>',
  ].join('\n');
}
