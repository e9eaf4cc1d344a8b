/** Routes of orders, fills and receipts. */
import type { Order, RouteName } from '@counterfoil/api';
import { readFileSync } from 'node:fs';
import { workingOrdersOf } from '../../runner/machines.ts';
import { DEMO_OWNER } from '../../worker/demo-connection.ts';
import { orderBody } from '../../worker/order-body.ts';
import type { Handlers } from '../handlers.ts';
import { pageOf, readCursor } from '../page.ts';
import type { PaperOrders } from '../paper-orders.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { readDealId } from '../trading/deal-views.ts';
import {
  fillCursor,
  fillOf,
  fillRows,
  orderCursor,
  orderOf,
  orderRows,
  readOrderId,
  receiptOf,
} from '../trading/order-views.ts';
import type { TradingParts } from './bots.ts';
import { UNKNOWN_ID } from './key-changes.ts';

type Names = Extract<
  RouteName,
  | 'listOrders'
  | 'placeOrder'
  | 'getOrder'
  | 'getReceipt'
  | 'listReceipts'
  | 'listFills'
  | 'getViewKey'
  | 'getLogPolicy'
>;

export interface OrderParts extends TradingParts {
  readonly paperOrders: PaperOrders;
  /** What opens the demo's leaves, and what verifiers check against: files of the data folder. */
  readonly connectionFile: string;
  readonly policyFile: string;
}

const noFilter = { bot: null, deal: null, seq: null, open: null, after: null } as const;

export function orderHandlers(parts: OrderParts): Pick<Handlers, Names> {
  const { database, service, paperOrders } = parts;

  const find = async (owner: string, id: string): Promise<Order> => {
    const [row] = await orderRows(database, { ...noFilter, owner, ...readOrderId(id), limit: 1 });
    if (row === undefined) throw notFound('order');
    return orderOf(row);
  };
  const filterOf = (query: { bot?: string | undefined; deal?: string | undefined }) => {
    if (query.deal === undefined) return { bot: query.bot ?? null, deal: null };
    const { bot, number } = readDealId(query.deal);
    return { bot, deal: number };
  };

  return {
    listOrders: async ({ caller, query }) => {
      const open =
        query.open === 'true'
          ? (await service.bots(caller.owner)).flatMap((view) =>
              workingOrdersOf(view.plan.kind, view.state).map(({ name }) => ({ bot: view.id, name })),
            )
          : null;
      const rows = await orderRows(database, {
        owner: caller.owner,
        ...filterOf(query),
        seq: null,
        open,
        after: readCursor(query, 3),
        limit: query.limit + 1,
      });
      return pageOf(rows, query.limit, orderCursor, orderOf);
    },
    placeOrder: async ({ caller, body }) => {
      if (caller.owner !== DEMO_OWNER)
        throw new HttpProblem(
          'impossible',
          'Orders by hand go to the paper connection, and this workspace has none.',
        );
      const { connection: _, ...order } = body;
      const placed = await paperOrders.place(orderBody.decode(order, 'order'));
      return find(caller.owner, `${placed.bot}.${placed.seq}`);
    },
    getOrder: async ({ caller, params }) => find(caller.owner, params.order),
    getReceipt: async ({ caller, params }) => {
      const { bot, seq } = readOrderId(params.order);
      const receipt = await receiptOf(database, caller.owner, bot, seq);
      if (receipt === null) throw notFound('receipt');
      return receipt;
    },
    listReceipts: async ({ caller, query }) => {
      const rows = await orderRows(database, {
        ...noFilter,
        owner: caller.owner,
        ...filterOf(query),
        after: readCursor(query, 3),
        limit: query.limit + 1,
      });
      const page = pageOf(rows, query.limit, orderCursor, (row) => row);
      const receipts = await Promise.all(
        page.items.map((row) => receiptOf(database, caller.owner, row.bot, row.seq)),
      );
      return { items: receipts.filter((receipt) => receipt !== null), next: page.next };
    },
    listFills: async ({ caller, query }) => {
      const rows = await fillRows(database, {
        owner: caller.owner,
        ...filterOf(query),
        after: readCursor(query, 3),
        limit: query.limit + 1,
      });
      return pageOf(rows, query.limit, fillCursor, fillOf);
    },
    getViewKey: async ({ caller, params }) => {
      const row = await database
        .selectFrom('connection')
        .select(['venue', 'api_key_id', 'first_api_key_id', 'view_key_sealed'])
        .where('owner', '=', caller.owner)
        .where('id', '=', params.connection)
        .executeTakeFirst();
      if (row === undefined) throw notFound('connection');
      const { venue, view_key_sealed: sealed } = row;
      // The chain of leaves begins with the first key, whichever signs by now.
      const firstId = row.first_api_key_id === UNKNOWN_ID ? null : (row.first_api_key_id ?? row.api_key_id);
      if (sealed !== null)
        return {
          connection: params.connection,
          venue,
          apiKeyId: firstId,
          epoch: 0,
          viewKey: null,
          sealed,
        };
      if (caller.owner !== DEMO_OWNER) throw notFound('view key');
      // Written by the server when it made the demo's connection.
      const { apiKeyId, epoch, viewKey } = JSON.parse(readFileSync(parts.connectionFile, 'utf8')) as {
        readonly apiKeyId: string;
        readonly epoch: number;
        readonly viewKey: string;
      };
      if (apiKeyId !== firstId) throw notFound('view key');
      return { connection: params.connection, venue, apiKeyId, epoch, viewKey, sealed: null };
    },
    getLogPolicy: async () => {
      const policy = readFileSync(parts.policyFile, 'utf8');
      const [, origin = ''] = /^log ([^+]+)\+/m.exec(policy) ?? [];
      return { origin, policy };
    },
  };
}
