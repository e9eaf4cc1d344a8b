/** What a venue's answer says, read by the gate itself through the places that the manifest names. */
import {
  type Decimal,
  assetCode,
  parseDecimal,
  subtract,
  tradeId,
  venueOrderId,
  venueSymbol,
} from '@counterfoil/vocabulary';
import type {
  AccountFill,
  AccountOrder,
  BalancePacked,
  OrderReportPacked,
} from '@counterfoil/vocabulary/protocol';
import type {
  AnswerRule,
  BalanceFields,
  FillFields,
  FlagRule,
  Manifest,
  OrderFields,
  Places,
  TimeField,
  VenueVerdict,
} from './manifest.ts';
import { isReadable, parseJson, valueAt } from './pointer.ts';
import type { VenueAnswer } from './venue-client.ts';
import type { RequestPlan } from './request-plan.ts';

export interface Permissions {
  readonly trade: boolean;
  readonly withdraw: boolean;
  readonly ipAllowList: boolean;
}

export type Reading =
  /** `report` is null where the venue took the request and said no more. */
  | { readonly kind: 'taken'; readonly report: OrderReportPacked | null }
  | { readonly kind: 'orders'; readonly orders: readonly AccountOrder[] }
  | { readonly kind: 'trades'; readonly trades: readonly AccountFill[] }
  | { readonly kind: 'balances'; readonly balances: readonly BalancePacked[] }
  | { readonly kind: 'permissions'; readonly permissions: Permissions }
  | {
      readonly kind: 'error';
      readonly verdict: VenueVerdict;
      readonly code: string;
      readonly sentence: string;
    };

class Unreadable extends Error {}

/** The answer to a request, or null where it does not have the form that the manifest says: nobody knows then. */
export function readAnswer(manifest: Manifest, plan: RequestPlan, answer: VenueAnswer): Reading | null {
  try {
    const body = parse(answer.body);
    const code = textAt(body, manifest.errors.code);
    if (code !== null || answer.status < 200 || answer.status > 299)
      return readError(manifest, answer.status, code, textAt(body, manifest.errors.sentence));
    return readRows(plan, plan.rule.answer, body);
  } catch {
    // Ids, decimals and places throw errors of their own; all of them mean that this is not what was expected.
    return null;
  }
}

/** An error page of a proxy is no JSON, and says as much as nothing. */
function parse(body: Uint8Array): unknown {
  try {
    return parseJson(body);
  } catch {
    return null;
  }
}

/** A failure of the venue's own, 5xx, may come after the order was taken: it is unknown whatever its code. */
function readError(manifest: Manifest, status: number, code: string | null, said: string | null): Reading {
  const sentence = (said ?? `HTTP ${status} without a readable reason`).slice(0, 300).toWellFormed();
  const word = (code ?? '').slice(0, 40).toWellFormed();
  const { verdicts } = manifest.errors;
  const verdict = [`${word} ${sentence}`, word].find((name) => Object.hasOwn(verdicts, name));
  return {
    kind: 'error',
    verdict: verdict === undefined || status >= 500 ? 'unknown' : (verdicts[verdict] ?? 'unknown'),
    code: word,
    sentence,
  };
}

function readRows({ method }: RequestPlan, rule: AnswerRule, body: unknown): Reading {
  switch (rule.kind) {
    case 'taken': {
      if (textAt(body, rule.proof) === null) throw new Unreadable('nothing says that it was taken');
      if (rule.venueOrderId === null) return { kind: 'taken', report: null };
      const id = venueOrderId.parse(needed(body, rule.venueOrderId));
      return { kind: 'taken', report: { ...unseen, venueOrderId: id } };
    }
    case 'order': {
      const { fields } = rule;
      if (!('clientOrderId' in method)) throw new Unreadable('an order that was not asked for');
      const rows = rule.rows === null ? [body] : rowsAt(body, rule.rows);
      const row = rows.find((one) => textAt(one, fields.clientOrderId) === method.clientOrderId);
      if (row !== undefined) return { kind: 'taken', report: readOrder(fields, row).report };
      if (rule.rows === null) throw new Unreadable('another order');
      return { kind: 'error', verdict: 'unknownOrder', code: '', sentence: 'It is not in the list.' };
    }
    case 'orders': {
      const orders = rowsAt(body, rule.rows).map((row) => readOrder(rule.fields, row));
      return { kind: 'orders', orders };
    }
    case 'trades':
      return { kind: 'trades', trades: rowsAt(body, rule.rows).map((row) => readFill(rule.fields, row)) };
    case 'balances': {
      const balances = rowsAt(body, rule.rows).flatMap((row) => readBalance(rule.fields, row) ?? []);
      return { kind: 'balances', balances };
    }
    case 'permissions':
      return { kind: 'permissions', permissions: readFlags(rule.flags, body) };
    default:
      return rule satisfies never;
  }
}

const unseen = {
  venueOrderId: null,
  state: 'acknowledged',
  filledQuantity: null,
  filledAmount: null,
  price: null,
  atMs: null,
} as const;

const open = new Set<OrderReportPacked['state']>(['acknowledged', 'partiallyFilled']);

/** What of a report counts against limits. All or nothing: a closed order without its fill would not be counted. */
export function standOf(report: OrderReportPacked | null): {
  readonly filled: Decimal | null;
  readonly filledAmount: Decimal | null;
  readonly stands: 'open' | 'closed' | null;
} {
  const { filledQuantity: filled = null, filledAmount = null } = report ?? {};
  if (
    report === null ||
    filled === null ||
    filledAmount === null ||
    !isReadable(filled) ||
    !isReadable(filledAmount)
  )
    return { filled: null, filledAmount: null, stands: null };
  return { filled, filledAmount, stands: open.has(report.state) ? 'open' : 'closed' };
}

export function readOrder(fields: OrderFields, row: unknown): AccountOrder {
  return {
    clientOrderId: textAt(row, fields.clientOrderId),
    symbol: venueSymbol.parse(needed(row, fields.symbol)),
    side: wordAt(row, fields.side),
    report: {
      venueOrderId: venueOrderId.parse(needed(row, fields.venueOrderId)),
      state: wordAt(row, fields.state),
      filledQuantity: decimalAt(row, fields.filledQuantity),
      filledAmount: decimalAt(row, fields.filledAmount),
      price: decimalAt(row, fields.price),
      atMs: timeAt(row, fields.atMs),
    },
  };
}

export function readFill(fields: FillFields, row: unknown): AccountFill {
  const feeAsset = textAt(row, fields.feeAsset);
  return {
    tradeId: tradeId.parse(needed(row, fields.tradeId)),
    venueOrderId: venueOrderId.parse(needed(row, fields.venueOrderId)),
    clientOrderId: textAt(row, fields.clientOrderId),
    symbol: venueSymbol.parse(needed(row, fields.symbol)),
    side: wordAt(row, fields.side),
    price: parseDecimal(needed(row, fields.price)),
    quantity: parseDecimal(needed(row, fields.quantity)),
    quoteAmount: parseDecimal(needed(row, fields.quoteAmount)),
    fee: parseDecimal(needed(row, fields.fee)),
    feeAsset: feeAsset === null ? null : assetCode.parse(feeAsset),
    maker: needed(row, fields.maker) === 'true',
    atMs: timeAt(row, fields.atMs) ?? missing('the time of a fill'),
  };
}

/** Null for an asset whose name is no code of ours: it cannot be traded from here. */
export function readBalance({ asset, free, locked }: BalanceFields, row: unknown): BalancePacked | null {
  const name = needed(row, asset);
  const held = parseDecimal(needed(row, locked));
  const left =
    typeof free === 'object' && 'total' in free
      ? subtract(parseDecimal(needed(row, free.total)), held)
      : parseDecimal(needed(row, free));
  try {
    return { asset: assetCode.parse(name), free: left, locked: held };
  } catch {
    return null;
  }
}

function readFlags(rule: FlagRule, body: unknown): Permissions {
  const flags = valueAt(body, rule.at);
  if (typeof flags !== 'object' || flags === null) throw new Unreadable('no permissions');
  const granted: readonly string[] = Array.isArray(flags)
    ? flags.map(String)
    : Object.entries(flags).flatMap(([name, value]) => (value === true ? [name] : []));
  const stated = [...rule.trade, ...rule.waysOut];
  if (!Array.isArray(flags) && !stated.every((name) => typeof valueAt(flags, `/${name}`) === 'boolean'))
    throw new Unreadable('a permission is not stated');
  const allowed = valueAt(body, rule.ipAllowList);
  return {
    trade: rule.trade.every((name) => granted.includes(name)),
    withdraw: granted.some((name) => !rule.trade.includes(name) && !rule.harmless.includes(name)),
    ipAllowList: allowed === true || (Array.isArray(allowed) && allowed.length > 0),
  };
}

/** The rows of a list, or the members of an object with their names under `#`. */
export function rowsAt(body: unknown, pointer: string): readonly unknown[] {
  const found = valueAt(body, pointer);
  if (Array.isArray(found)) return found;
  if (typeof found !== 'object' || found === null) throw new Unreadable(`no rows at ${pointer}`);
  return Object.entries(found).map(([name, value]: [string, unknown]) => ({
    ...(typeof value === 'object' ? value : {}),
    '#': name,
  }));
}

/** Text, a number or a flag as text; null where there is nothing, or something longer than any fact of ours. */
export function textAt(value: unknown, places: Places): string | null {
  for (const pointer of [places].flat()) {
    const found = valueAt(value, pointer);
    if (typeof found === 'string' && found !== '') return found;
    if (Number.isSafeInteger(found) || typeof found === 'boolean') return String(found);
  }
  return null;
}

function needed(value: unknown, places: Places): string {
  return textAt(value, places) ?? missing([places].flat().join(' or '));
}

function missing(what: string): never {
  throw new Unreadable(`nothing at ${what}`);
}

function wordAt<W>(
  value: unknown,
  rule: { readonly at: Places; readonly words: Readonly<Record<string, W>> },
): W {
  const word = needed(value, rule.at);
  const meant = Object.hasOwn(rule.words, word) ? rule.words[word] : undefined;
  return meant ?? missing(`a word of ours for what stands at ${[rule.at].flat().join(' or ')}`);
}

function decimalAt(value: unknown, places: Places): Decimal | null {
  const text = textAt(value, places);
  return text === null ? null : parseDecimal(text);
}

/** A time in seconds has decimals as a JSON number: the only numbers here that are not whole. */
function timeAt(value: unknown, { at: places, unit }: TimeField): number | null {
  for (const pointer of [places].flat()) {
    const found = Number(valueAt(value, pointer));
    const ms = Math.floor(unit === 's' ? found * 1_000 : found);
    if (Number.isSafeInteger(ms) && ms > 0) return ms;
  }
  return null;
}
