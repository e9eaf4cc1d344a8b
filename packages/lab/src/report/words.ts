/** Numbers as a report writes them: signed, grouped, with their unit. */
export function money(value: number, asset: string): string {
  return `${sign(value)}${amount(Math.abs(value), asset)}`;
}

/** Without a sign, for sums that are neither gain nor loss. */
export function amount(value: number, asset: string): string {
  return `${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${asset}`;
}

export function percent(rate: number): string {
  return `${sign(rate)}${(Math.abs(rate) * 100).toFixed(2)} %`;
}

export function plainPercent(rate: number): string {
  return `${(rate * 100).toFixed(2)} %`;
}

export function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

export function day(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ');
}

function sign(value: number): string {
  return value < 0 ? '−' : '+';
}
