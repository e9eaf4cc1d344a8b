import type { Account } from '../core/account.ts';
import { formatUnits } from '../core/units.ts';
import { orderView } from '../rest/render.ts';
import { valueOf } from '../rest/route.ts';
import { knownAccount, type AdminRequest } from './admin-request.ts';
import { depositBody, openAccountBody } from './schemas.ts';

export function listAccounts({ venue }: AdminRequest): unknown {
  return [...venue.state.accounts.values()].map(accountView);
}

export function openAccount({ venue, body }: AdminRequest): unknown {
  const { name, balances } = openAccountBody.parse(body);
  const account = valueOf(venue.run('open-account', { name }));
  for (const [asset, units] of Object.entries(balances)) {
    valueOf(venue.run('deposit', { account, asset, units }));
  }
  return { account };
}

export function deposit({ venue, names, body }: AdminRequest): unknown {
  const account = knownAccount(venue, Number(names[0]));
  const { asset, amount: units } = depositBody.parse(body);
  valueOf(venue.run('deposit', { account: account.id, asset, units }));
  return accountView(account);
}

/**
 * Kept orders of the user accounts, oldest first: those with one client order id where it is given, and those that
 * still rest where `open=true` is.
 */
export function findOrders({ venue, query }: AdminRequest): unknown {
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
export function totals({ venue }: AdminRequest): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const account of venue.state.accounts.values()) {
    for (const [asset, { free, locked }] of account.balances) {
      sums.set(asset, (sums.get(asset) ?? 0n) + free + locked);
    }
  }
  return Object.fromEntries([...sums].map(([asset, units]) => [asset, formatUnits(units)]));
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
