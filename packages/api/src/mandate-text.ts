/** Mandates between the API's text and the gate's record, for the server and for the page where one is approved. */
import { type Decimal, formatDecimal, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { Mandate } from '@counterfoil/vocabulary/protocol';
import type { Mandate as MandateText } from './schemas/security.ts';

const orNull = <A, B>(value: A | null, map: (value: A) => B): B | null =>
  value === null ? null : map(value);
const text = (value: Decimal | null): string | null => orNull(value, formatDecimal);
const decimal = (value: string | null): Decimal | null => orNull(value, parseDecimal);

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** `instantOf` writes milliseconds as RFC 3339. */
export function mandateToText(mandate: Mandate, instantOf: (ms: number) => string): MandateText {
  const { validUntilMs, budgets, hours, ...same } = mandate;
  return {
    ...same,
    markets: orNull(mandate.markets, (list) => [...list]),
    denied: [...mandate.denied],
    sides: [...mandate.sides],
    types: [...mandate.types],
    budgets: budgets.map((one) => ({
      asset: one.asset,
      perOrder: text(one.perOrder),
      perHour: text(one.perHour),
      perDay: text(one.perDay),
      open: text(one.open),
      dayLoss: text(one.dayLoss),
      volumeMin: text(one.volumeMin),
    })),
    validUntil: orNull(validUntilMs, instantOf),
    hours: HOURS.filter((hour) => ((hours >> hour) & 1) === 1),
  };
}

/** `msOf` reads RFC 3339: `Date.parse`. */
export function mandateFromText(given: MandateText, msOf: (instant: string) => number): Mandate {
  const { validUntil, budgets, hours, ...same } = given;
  return {
    ...same,
    markets: orNull(given.markets, (list) => list.map((symbol) => venueSymbol.parse(symbol))),
    denied: given.denied.map((symbol) => venueSymbol.parse(symbol)),
    budgets: budgets.map((one) => ({
      asset: one.asset,
      perOrder: decimal(one.perOrder),
      perHour: decimal(one.perHour),
      perDay: decimal(one.perDay),
      open: decimal(one.open),
      dayLoss: decimal(one.dayLoss),
      volumeMin: decimal(one.volumeMin),
    })),
    validUntilMs: orNull(validUntil, msOf),
    hours: hours.reduce((bits, hour) => bits | (1 << hour), 0),
  };
}
