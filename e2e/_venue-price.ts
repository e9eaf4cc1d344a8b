/**
 * The price at which the venue values a market order when it holds it against its smallest order: its own average of
 * some minutes, never the last price. What the lower of the two makes too small is refused, however it is asked for.
 */
import { get } from 'node:https';
import { type Market, parseDecimal, type Price, rescaleUnits } from '@counterfoil/vocabulary';

const ANSWER_MS_MAX = 10_000;

/** The venue's own average price of a market, as decimal text. */
export function averagePrice(venueUrl: string, ca: string, symbol: string): Promise<string> {
  const url = new URL(`/api/v3/avgPrice?symbol=${symbol}`, venueUrl);
  return new Promise((resolve, reject) => {
    const asked = get(url, { ca, timeout: ANSWER_MS_MAX }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const price = /"price":"([\d.]+)"/.exec(text)?.[1];
        if (price === undefined) reject(new Error(`no average price in ${text}`));
        else resolve(price);
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', reject);
  });
}

/** The lower of two prices in decimal text, in the market's units; an average lies between two of them. */
export function lowerPrice(market: Market, one: string, other: string): Price {
  const [first, second] = [one, other].map((text) => {
    const { units, scale } = parseDecimal(text);
    return rescaleUnits(units, scale, market.priceScale, 'floor');
  });
  return (first !== undefined && second !== undefined && second < first ? second : first) as Price;
}
