/** The small values that every part of the API is made of. Money is decimal text, time is RFC 3339 in UTC. */
import { z } from 'zod';

/** As the vocabulary's decimals: no exponent, no leading zeros. 40 digits are more than any balance has. */
export const decimal = z
  .string()
  .max(60)
  .regex(/^(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,18})?$/)
  .meta({ id: 'Decimal', description: 'A plain decimal such as "61240.50".', examples: ['61240.50'] });

export const signedDecimal = z
  .string()
  .max(61)
  .regex(/^-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,18})?$/)
  .meta({ id: 'SignedDecimal', description: 'A plain decimal that may be negative.', examples: ['-3.25'] });

/** Six decimals are what the engine's rates of 10^-8 can hold. */
export const percent = z
  .string()
  .max(20)
  .regex(/^(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,6})?$/)
  .meta({ id: 'Percent', description: 'Percent as decimal text: "1.5" is 1.5 %.', examples: ['1.5'] });

/** A factor such as a step scale. */
export const factor = z
  .string()
  .max(20)
  .regex(/^(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,8})?$/)
  .meta({ id: 'Factor', description: 'A factor as decimal text: "1.2".', examples: ['1.2'] });

export const instant = z.iso.datetime({ precision: 3 }).meta({
  id: 'Instant',
  description: 'RFC 3339 in UTC with milliseconds.',
  examples: ['2026-11-20T10:31:04.000Z'],
});

/** Ours: lower-case, safe in a URL, a file name and a log line. The form of the vocabulary's ids. */
export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/)
  .meta({ id: 'Id' });

/** Theirs: printable ASCII without space. */
export const venueText = z
  .string()
  .regex(/^[!-~]{1,128}$/)
  .meta({ id: 'VenueText' });

export const symbol = z
  .string()
  .regex(/^[!-~]{1,24}$/)
  .meta({ id: 'Symbol', description: 'A market as the venue writes it.', examples: ['BTCUSDT'] });

export const asset = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9._-]{0,23}$/)
  .meta({ id: 'Asset', examples: ['USDT'] });

/** A name that people give: no control characters, so that it cannot break a log line or a header. */
export const label = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u)
  .meta({ id: 'Label' });

export const side = z.enum(['buy', 'sell']).meta({ id: 'Side' });
export const direction = z.enum(['long', 'short']).meta({ id: 'Direction' });

/** Whether money is simulated. Shown on everything that trades. */
export const environment = z.enum(['paper', 'live']).meta({ id: 'Environment' });

export const timeframe = z
  .enum(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '8h', '1d'])
  .meta({ id: 'Timeframe' });

/** Bytes as base64url without padding, as WebAuthn and the seal carry them. */
export const base64url = (bytesMax: number) =>
  z
    .string()
    .max(Math.ceil((bytesMax * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/);

export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ id: 'Sha256' });

export const nothing = z.strictObject({});

/** One page of a list: at most `limit` items, newest first unless the route says otherwise. */
export const pageQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const pageOf = <Item extends z.ZodType>(name: string, item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() }).meta({ id: name });

export type Decimal = z.infer<typeof decimal>;
export type Percent = z.infer<typeof percent>;
export type Timeframe = z.infer<typeof timeframe>;
export type Environment = z.infer<typeof environment>;
