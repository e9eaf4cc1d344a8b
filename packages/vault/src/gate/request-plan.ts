/** What a request must say, worked out from intent and manifest alone, before anybody is asked to build it. */
import { formatDecimal } from '@counterfoil/vocabulary';
import type { BuildMethod, OrderType } from '@counterfoil/vocabulary/protocol';
import type { Carried, Manifest, MethodRule, ParameterRule } from './manifest.ts';
import { Refusal } from './refusal.ts';

export interface RequestPlan {
  readonly method: BuildMethod;
  readonly rule: MethodRule;
  readonly nonce: number;
  /** Every parameter with its value, unescaped; the signature is not one of them. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Throws `Refusal` where the venue has no place for something that the intent asks. */
export function planRequest(manifest: Manifest, method: BuildMethod, nonce: number): RequestPlan {
  const rule = manifest.methods[method.kind];
  if (rule === undefined) throw notThere(manifest, method.kind);
  checkForm(manifest, method);
  const asked = askedOf(method);
  const carried = new Set<string>(rule.leftOut);
  const parameters = new Map<string, string>();
  for (const [name, rules] of Object.entries(rule.parameters)) {
    for (const source of [rules].flat()) {
      const value = valueOf(source, asked, { manifest, method, nonce });
      if (value === null) continue;
      if (parameters.has(name)) throw new Error(`the manifest has two values for ${name}`);
      parameters.set(name, value);
      if ('from' in source) carried.add(source.from);
    }
  }
  // What was asked and has no place would be left out in silence: a stop without its price is another order.
  for (const [what, value] of Object.entries(asked)) {
    if (value !== null && !carried.has(what)) throw notThere(manifest, `${what} in ${method.kind}`);
  }
  return { method, rule, nonce, parameters };
}

/** What each type of order needs besides side and amount. `trailingStop` may have a price from which it trails. */
const needs: Readonly<Record<OrderType, readonly ('price' | 'stopPrice' | 'trailBps')[]>> = {
  limit: ['price'],
  limitMaker: ['price'],
  market: [],
  stop: ['stopPrice'],
  stopLimit: ['price', 'stopPrice'],
  takeProfit: ['stopPrice'],
  takeProfitLimit: ['price', 'stopPrice'],
  trailingStop: ['trailBps'],
};

/** A venue may take an order with less or more for one of another type: a trailing stop without distance is a stop. */
function checkForm(manifest: Manifest, method: BuildMethod): void {
  if (method.kind !== 'orderCreate') return;
  for (const what of ['price', 'stopPrice', 'trailBps'] as const) {
    const isNeeded = needs[method.type].includes(what);
    const isGiven = method[what] !== null;
    const mayBe = method.type === 'trailingStop' && what === 'stopPrice';
    if (isNeeded !== isGiven && !mayBe)
      throw notThere(manifest, `a ${method.type} order ${isGiven ? 'with' : 'without'} ${what}`);
  }
}

function notThere(manifest: Manifest, what: string): Refusal {
  return new Refusal('not-at-venue', `${manifest.venue} has no place for ${what}; nothing was sent.`);
}

type Asked = Readonly<Partial<Record<Carried, string | null>>>;

function askedOf(method: BuildMethod): Asked {
  if (method.kind === 'ordersHistory') return { symbol: method.symbol, sinceMs: String(method.sinceMs) };
  if (method.kind !== 'orderCreate') {
    const { kind: _kind, ...asked } = method;
    return asked;
  }
  const { symbol, clientOrderId, side, type, timeInForce, price, stopPrice, trailBps } = method;
  return {
    symbol,
    clientOrderId,
    side,
    type,
    timeInForce,
    price: price === null ? null : formatDecimal(price),
    stopPrice: stopPrice === null ? null : formatDecimal(stopPrice),
    trailBps: trailBps === null ? null : String(trailBps),
    [method.sizedBy === 'base' ? 'baseAmount' : 'quoteAmount']: formatDecimal(method.amount),
  };
}

function valueOf(
  rule: ParameterRule,
  asked: Asked,
  about: { readonly manifest: Manifest; readonly method: BuildMethod; readonly nonce: number },
): string | null {
  if ('is' in rule) return rule.is;
  if (rule.from === 'nonce') return String(about.nonce);
  if (rule.from === 'window') return String(about.manifest.validMs);
  if (rule.from === 'deadline') return new Date(timeOf(about) + about.manifest.validMs).toISOString();
  const value = asked[rule.from] ?? null;
  if (value === null) return null;
  if ('words' in rule) return Object.hasOwn(rule.words, value) ? (rule.words[value] ?? null) : null;
  const { method } = about;
  if (!('when' in rule || 'unit' in rule)) return value;
  if (rule.when !== undefined && !(method.kind === 'orderCreate' && rule.when.includes(method.type)))
    return null;
  return rule.unit === 's' ? String(Math.floor(Number(value) / 1_000)) : value;
}

/** The time of a request in milliseconds: a rising nonce counts microseconds. */
function timeOf({ manifest, nonce }: { readonly manifest: Manifest; readonly nonce: number }): number {
  return manifest.nonce === 'rising' ? Math.floor(nonce / 1_000) : nonce;
}
