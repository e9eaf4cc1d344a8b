/** The ledger's outbox as events of the API. */
import { type StreamEvent, streamEvent } from '@counterfoil/api';
import type { Note } from '@counterfoil/engine';
import type { Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { AppendedFill } from '../../ledger/append.ts';
import type { BotService, BotView, OutboxView } from '../../runner/service.ts';
import type { EventSource, NumberedEvent } from '../events.ts';
import { botOf, describeFor, historiesOf, smartTradeOf } from './bot-views.ts';
import { fillOf } from './order-views.ts';

export function outboxEvents(database: Kysely<Tables>, service: BotService): EventSource {
  return {
    head: async (owner) => {
      const row = await database
        .selectFrom('outbox_head')
        .select('last')
        .where('owner', '=', owner)
        .executeTakeFirst();
      return Number(row?.last ?? 0n);
    },
    read: async (owner, after, limit) => {
      const entries = await service.outbox(owner, after, limit);
      const bots = new Map<string, BotView | null>();
      const events: NumberedEvent[] = [];
      for (const entry of entries) {
        if (entry.bot !== null && !bots.has(entry.bot))
          bots.set(entry.bot, await service.bot(owner, entry.bot));
        const view = entry.bot === null ? null : (bots.get(entry.bot) ?? null);
        events.push({ id: entry.id, event: await eventOf(database, owner, entry, view) });
      }
      return events;
    },
  };
}

/** Exactly one event for every entry, so that numbers have no holes; what cannot be shown asks for a fresh look. */
async function eventOf(
  database: Kysely<Tables>,
  owner: string,
  entry: OutboxView,
  view: BotView | null,
): Promise<StreamEvent> {
  if (entry.kind === 'event') return streamEvent.parse(entry.body);
  if (view === null) return { type: 'reload' };
  switch (entry.kind) {
    case 'fill': {
      // Written by the ledger's append.
      const fill = entry.body as AppendedFill;
      return {
        type: 'fill',
        fill: fillOf({
          connection: fill.connection,
          symbol: fill.symbol,
          trade_id: fill.tradeId,
          bot: view.id,
          order_name: fill.order,
          intent_seq: BigInt(fill.intentSeq ?? 0),
          side: fill.side,
          price: fill.price,
          quantity: fill.quantity,
          amount: fill.amount,
          fee: fill.fee,
          fee_asset: fill.feeAsset,
          maker: fill.maker,
          at: new Date(fill.atMs),
          at_text: '',
        }),
      };
    }
    case 'note':
      return { type: 'decision', bot: view.id, decision: describeFor(view, entry.at, entry.body as Note) };
    case 'bot': {
      const history = (await historiesOf(database, owner, view.id)).get(view.id);
      return view.plan.kind === 'smart-trade'
        ? { type: 'smartTrade', smartTrade: smartTradeOf(view, history) }
        : { type: 'bot', bot: botOf(view, history) };
    }
    default:
      return { type: 'reload' };
  }
}
