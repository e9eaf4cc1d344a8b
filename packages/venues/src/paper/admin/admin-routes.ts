import { createPublicKey, randomBytes } from 'node:crypto';
import type { Account } from '../core/account.ts';
import type { ApiKey } from '../core/api-key.ts';
import { formatUnits, parseUnits } from '../core/units.ts';
import { orderView } from '../rest/render.ts';
import { valueOf } from '../rest/route.ts';
import type { Venue } from '../venue.ts';
import type { Doors } from '../websocket/doors.ts';
import {
  changeKeyBody,
  clockSkewBody,
  depositBody,
  eventFaultBody,
  faultBody,
  marketRulesBody,
  marketStatusBody,
  openAccountBody,
  partialFillsBody,
  registerKeyBody,
  scenarioBody,
} from './schemas.ts';

/** An admin request that cannot be done, with a code and a sentence for the person who sent it. */
export class AdminRefused extends Error {
  readonly code: 'unknown-account' | 'unknown-key' | 'unknown-market' | 'bad-public-key' | 'too-many-faults';
  readonly status: number;

  constructor(code: AdminRefused['code'], message: string, status = 404) {
    super(message);
    this.name = 'AdminRefused';
    this.code = code;
    this.status = status;
  }
}

interface AdminRequest {
  readonly venue: Venue;
  readonly doors: Doors;
  /** What stood at the `*` of the pattern. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export type AdminRoute = (request: AdminRequest) => unknown;

/** Method and path, with `*` for a name. */
export const adminRoutes: readonly (readonly [string, AdminRoute])[] = [
  ['GET /accounts', ({ venue }) => [...venue.state.accounts.values()].map(accountView)],
  ['POST /accounts', openAccount],
  ['POST /accounts/*/deposits', deposit],
  ['POST /keys', registerKey],
  ['PATCH /keys/*', changeKey],
  ['GET /orders', findOrders],
  ['GET /feeds', ({ venue }) => Array.from(venue.feeds.values(), (status) => status())],
  ['GET /totals', ({ venue }) => totals(venue)],
  ['PUT /markets/*/status', setMarketStatus],
  [
    'GET /faults',
    ({ venue: { faults } }) => ({
      rules: faults.rules,
      clockSkewMs: faults.clockSkewMs,
      partialFills: faults.partialFills,
    }),
  ],
  ['POST /faults', addFault],
  ['DELETE /faults', ({ venue }) => (venue.faults.clear(), { cleared: true })],
  ['POST /event-faults', addEventFault],
  ['POST /partial-fills', cutOrders],
  ['POST /disconnect', ({ doors }) => (doors.disconnect(), { disconnected: true })],
  ['PATCH /markets/*/rules', changeRules],
  ['POST /markets/*/scenario', startScenario],
  ['PUT /clock', setClockSkew],
];

function openAccount({ venue, body }: AdminRequest): unknown {
  const { name, balances } = openAccountBody.parse(body);
  const account = valueOf(venue.run('open-account', { name }));
  for (const [asset, amount] of Object.entries(balances)) {
    valueOf(venue.run('deposit', { account, asset, units: unitsOf(amount) }));
  }
  return { account };
}

function deposit({ venue, names, body }: AdminRequest): unknown {
  const account = knownAccount(venue, Number(names[0]));
  const { asset, amount } = depositBody.parse(body);
  valueOf(venue.run('deposit', { account: account.id, asset, units: unitsOf(amount) }));
  return accountView(account);
}

/** Answers the API key id, and for `hmac` the secret: once, as an exchange does. */
function registerKey({ venue, body }: AdminRequest): unknown {
  const { account, kind, publicKey, permissions, allowedIps } = registerKeyBody.parse(body);
  knownAccount(venue, account);
  const id = randomLetters(64);
  const secret = kind === 'hmac' ? randomLetters(64) : null;
  const credential: ApiKey['credential'] =
    kind === 'hmac'
      ? { kind, secret: Buffer.from(secret ?? '', 'ascii') }
      : { kind, publicKeyPem: checkedPublicKey(kind, publicKey) };
  const key: ApiKey = {
    id,
    account,
    credential,
    permissions,
    allowedIps,
    isRevoked: false,
    createdAt: Math.floor(venue.now()),
  };
  valueOf(venue.run('put-key', { key }));
  return secret === null ? { apiKey: id } : { apiKey: id, secret };
}

function changeKey({ venue, names, body }: AdminRequest): unknown {
  const known = venue.state.keys.get(names[0] ?? '');
  if (known === undefined) throw new AdminRefused('unknown-key', 'No API key has this id.');
  const change = changeKeyBody.parse(body);
  const key: ApiKey = {
    ...known,
    allowedIps: change.allowedIps ?? known.allowedIps,
    isRevoked: change.isRevoked ?? known.isRevoked,
    permissions: {
      reading: change.permissions?.reading ?? known.permissions.reading,
      spotTrading: change.permissions?.spotTrading ?? known.permissions.spotTrading,
      withdrawals: change.permissions?.withdrawals ?? known.permissions.withdrawals,
    },
  };
  valueOf(venue.run('put-key', { key }));
  return {
    apiKey: key.id,
    account: key.account,
    permissions: key.permissions,
    allowedIps: key.allowedIps,
    isRevoked: key.isRevoked,
  };
}

/**
 * Kept orders of the user accounts, oldest first: those with one client order id where it is given, and those that
 * still rest where `open=true` is.
 */
function findOrders({ venue, query }: AdminRequest): unknown {
  const clientOrderId = query.get('clientOrderId');
  const account = query.get('account');
  const isOpenOnly = query.get('open') === 'true';
  const orders: unknown[] = [];
  for (const holder of venue.state.accounts.values()) {
    if (holder.kind !== 'user' || (account !== null && holder.id !== Number(account))) continue;
    for (const order of (isOpenOnly ? holder.open : holder.orders).values()) {
      if (clientOrderId !== null && order.clientOrderId !== clientOrderId) continue;
      orders.push({ account: holder.id, ...orderView(venue.state.market(order.symbol), order) });
    }
  }
  return orders;
}

/** Sum of every asset over all accounts. Anything but zero is a defect of the exchange. */
function totals(venue: Venue): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const account of venue.state.accounts.values()) {
    for (const [asset, { free, locked }] of account.balances) {
      sums.set(asset, (sums.get(asset) ?? 0n) + free + locked);
    }
  }
  return Object.fromEntries([...sums].map(([asset, units]) => [asset, formatUnits(units)]));
}

function setMarketStatus({ venue, names, body }: AdminRequest): unknown {
  const symbol = names[0] ?? '';
  if (!venue.state.markets.has(symbol))
    throw new AdminRefused('unknown-market', `There is no market ${symbol}.`);
  const { status } = marketStatusBody.parse(body);
  valueOf(venue.run('set-market-status', { symbol, status }));
  return { symbol, status };
}

function addFault({ venue, body }: AdminRequest): unknown {
  const rule = faultBody.parse(body);
  if (!venue.faults.add(rule)) {
    throw new AdminRefused('too-many-faults', 'Too many faults are waiting; DELETE /faults first.', 409);
  }
  return rule;
}

function addEventFault({ venue, body }: AdminRequest): unknown {
  const { fault, times } = eventFaultBody.parse(body);
  if (!venue.faults.addEvent(fault, times)) {
    throw new AdminRefused('too-many-faults', 'Too many faults are waiting; DELETE /faults first.', 409);
  }
  return { fault, times };
}

function cutOrders({ venue, body }: AdminRequest): unknown {
  const { times } = partialFillsBody.parse(body);
  venue.faults.partialFills = times;
  return { times };
}

/** Tick and lot stay: the orders on the book are counted in them. */
function changeRules({ venue, names, body }: AdminRequest): unknown {
  const symbol = names[0] ?? '';
  if (!venue.state.markets.has(symbol))
    throw new AdminRefused('unknown-market', `There is no market ${symbol}.`);
  const { minNotional, maxOpenOrders, maxOpenAlgoOrders } = marketRulesBody.parse(body);
  const rules = {
    ...(minNotional === undefined ? {} : { minNotionalUnits: unitsOf(minNotional) }),
    ...(maxOpenOrders === undefined ? {} : { maxOpenOrders }),
    ...(maxOpenAlgoOrders === undefined ? {} : { maxOpenAlgoOrders }),
  };
  valueOf(venue.run('change-rules', { symbol, rules }));
  return { symbol, changed: Object.keys(rules) };
}

function startScenario({ venue, names, body }: AdminRequest): unknown {
  const symbol = names[0] ?? '';
  if (!venue.state.flows.has(symbol)) {
    throw new AdminRefused('unknown-market', `There is no synthetic market ${symbol}.`);
  }
  const { scenario } = scenarioBody.parse(body);
  valueOf(venue.run('start-scenario', { symbol, scenario }));
  return { symbol, scenario };
}

function setClockSkew({ venue, body }: AdminRequest): unknown {
  const { skewMs } = clockSkewBody.parse(body);
  venue.faults.clockSkewMs = skewMs;
  return { skewMs };
}

function accountView(account: Account): unknown {
  const balances = [...account.balances].map(([asset, { free, locked }]) => [
    asset,
    { free: formatUnits(free), locked: formatUnits(locked) },
  ]);
  return {
    account: account.id,
    name: account.name,
    kind: account.kind,
    balances: Object.fromEntries(balances) as unknown,
  };
}

function knownAccount(venue: Venue, id: number): Account {
  const account = venue.state.accounts.get(id);
  if (account?.kind !== 'user') throw new AdminRefused('unknown-account', `There is no user account ${id}.`);
  return account;
}

/** The key in the one PEM form, so that no later use has to ask what it is. */
function checkedPublicKey(kind: 'ed25519' | 'rsa', pem: string | undefined): string {
  try {
    const key = createPublicKey(pem ?? '');
    if (key.asymmetricKeyType === kind) return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    // Not a key at all: the same answer as the wrong kind of key.
  }
  throw new AdminRefused('bad-public-key', `publicKey is not an ${kind} public key in PEM form.`, 400);
}

/** The schemas let only decimals with at most eight places through. */
function unitsOf(amount: string): bigint {
  const parsed = parseUnits(amount);
  return parsed.ok ? parsed.units : 0n;
}

function randomLetters(length: number): string {
  let text = '';
  while (text.length < length)
    text += randomBytes(length)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '');
  return text.slice(0, length);
}
