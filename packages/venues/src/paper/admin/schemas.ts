import { z } from 'zod';
import { FAULT_REFUSALS, refusals } from '../core/refusals.ts';
import { SCENARIOS } from '../core/scenario.ts';
import { parseUnits } from '../core/units.ts';

/** A decimal as units of 0.00000001. */
const units = z.string().transform((text, context) => {
  const parsed = parseUnits(text);
  if (parsed.ok) return parsed.units;
  context.addIssue('must be a decimal with at most eight places');
  return z.NEVER;
});
const asset = z.string().regex(/^[A-Z0-9]{1,20}$/);
const delayMs = z.int().min(0).max(600_000);

export const openAccountBody = z.strictObject({
  name: z.string().min(1).max(100),
  balances: z.record(asset, units).default({}),
});

export const depositBody = z.strictObject({ asset, amount: units });

const permissions = z.strictObject({
  reading: z.boolean().default(true),
  spotTrading: z.boolean().default(true),
  withdrawals: z.boolean().default(false),
});
const allowedIps = z.array(z.string().max(45)).max(30);

export const registerKeyBody = z.strictObject({
  account: z.int(),
  kind: z.enum(['ed25519', 'rsa', 'hmac']),
  /** PEM; for the asymmetric kinds. */
  publicKey: z.string().max(2_000).optional(),
  permissions: permissions.prefault({}),
  allowedIps: allowedIps.default([]),
});

export const changeKeyBody = z.strictObject({
  permissions: permissions.partial().optional(),
  allowedIps: allowedIps.optional(),
  isRevoked: z.boolean().optional(),
});

export const marketStatusBody = z.strictObject({
  status: z.enum(['TRADING', 'HALT', 'BREAK', 'CANCEL_ONLY']),
});

export const clockSkewBody = z.strictObject({ skewMs: z.int().min(-86_400_000).max(86_400_000) });

/** One of the exchange's own errors by its code alone, or any other in full. */
const refusal = z.union(
  [
    z.literal([...FAULT_REFUSALS.keys()]).transform((code) => FAULT_REFUSALS.get(code) ?? refusals.unknown),
    z.strictObject({
      code: z.int().min(-9_999).max(-1),
      message: z.string().max(500),
      status: z.int().min(400).max(599),
    }),
  ],
  { error: `must be {code, message, status}, or one of ${[...FAULT_REFUSALS.keys()].join(', ')}` },
);

export const faultBody = z.strictObject({
  method: z.string().max(10).default('*'),
  path: z.string().max(200).default('*'),
  times: z.int().min(1).max(1_000_000).default(1),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('lost-answer') }),
    z.strictObject({ kind: z.literal('late-arrival'), delayMs }),
    z.strictObject({ kind: z.literal('slow-answer'), delayMs }),
    z.strictObject({ kind: z.literal('refuse'), refusal }),
    z.strictObject({ kind: z.literal('unknown-outcome'), refusal }),
  ]),
});

export const eventFaultBody = z.strictObject({
  times: z.int().min(1).max(1_000_000).default(1),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('duplicate') }),
    z.strictObject({ kind: z.literal('lose') }),
    z.strictObject({ kind: z.literal('reorder') }),
    z.strictObject({ kind: z.literal('late'), delayMs }),
  ]),
});

export const partialFillsBody = z.strictObject({ times: z.int().min(1).max(1_000_000).default(1) });

export const marketRulesBody = z.strictObject({
  minNotional: units.optional(),
  tickSize: units.optional(),
  stepSize: units.optional(),
  maxOpenOrders: z.int().min(0).max(10_000).optional(),
  maxOpenAlgoOrders: z.int().min(0).max(10_000).optional(),
});

export const scenarioBody = z.strictObject({ scenario: z.enum(SCENARIOS) });
