/** Numbers as a report writes them: signed, grouped, with their unit. */
export function money(value: number, asset: string): string {
  return `${sign(value)}${amount(Math.abs(value), asset)}`;
}

/** A number of things. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Lines of at most `width` letters, broken between words. */
export function wrapped(sentence: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
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

/** Of hours: the unit that fits. */
export function duration(hours: number): string {
  if (hours >= 48) return `${(hours / 24).toFixed(1)} days`;
  return hours >= 1 ? `${hours.toFixed(1)} h` : `${(hours * 60).toFixed(1)} min`;
}

export function day(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ');
}

function sign(value: number): string {
  return value < 0 ? '−' : '+';
}
