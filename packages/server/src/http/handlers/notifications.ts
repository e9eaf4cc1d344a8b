/** Routes of notices and their channels. */
import { createPublicKey } from 'node:crypto';
import type { Channel, Delivery, RouteName, Saying } from '@counterfoil/api';
import type { Kysely, Selectable } from 'kysely';
import { record } from '../../accounts/activity.ts';
import { newId } from '../../accounts/secrets.ts';
import type { ChannelTable, DeliveryTable, Tables } from '../../database/tables.ts';
import { DELIVERY_KEY_ID, type Deliveries } from '../../notifications/deliveries.ts';
import type { WebhookSettings } from '../../notifications/webhook.ts';
import type { Handlers } from '../handlers.ts';
import { pageOf, readNumberCursor } from '../page.ts';
import { HttpProblem, notFound } from '../problem.ts';

type Names = Extract<
  RouteName,
  `${string}Channel` | 'listChannels' | 'listNotices' | 'readNotices' | 'listDeliveries'
>;

export interface NotificationParts {
  readonly database: Kysely<Tables>;
  readonly deliveries: Deliveries;
  readonly key: WebhookSettings['key'];
}

/** More channels than anybody has inboxes; each notice is sent to all of them. */
const CHANNELS_MAX = 20;

export function notificationHandlers({
  database,
  deliveries,
  key,
}: NotificationParts): Pick<Handlers, Names> {
  const publicKeyPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const channelOf = (row: Selectable<ChannelTable>): Channel => ({
    id: row.id,
    kind: 'webhook',
    label: row.label,
    url: row.url,
    level: row.level,
    tested: row.tested,
    publicKeyPem,
    keyId: DELIVERY_KEY_ID,
    madeAt: row.made_at.toISOString(),
    trouble: row.trouble,
  });
  const find = async (owner: string, id: string): Promise<Selectable<ChannelTable>> => {
    const row = await database
      .selectFrom('channel')
      .selectAll()
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw notFound('channel');
    return row;
  };

  return {
    listNotices: async ({ caller, query }) => {
      const before = readNumberCursor(query);
      let rows = database
        .selectFrom('notice')
        .selectAll()
        .where('owner', '=', caller.owner)
        .orderBy('id', 'desc')
        .limit(query.limit + 1);
      if (before !== null) rows = rows.where('id', '<', before);
      return pageOf(
        await rows.execute(),
        query.limit,
        (row) => [String(row.id)],
        ({ id, at, level, security, subject, subject_said, body, body_said, bot, read_at }) => ({
          id: String(id),
          at: at.toISOString(),
          level,
          security,
          subject,
          subjectSaid: subject_said as Saying | null, // written by `keepNotice`
          body,
          bodySaid: body_said as Saying | null,
          bot,
          readAt: read_at?.toISOString() ?? null,
        }),
      );
    },
    readNotices: async ({ caller, body }) => {
      await database
        .updateTable('notice')
        .set({ read_at: new Date() })
        .where('owner', '=', caller.owner)
        .where('id', '<=', BigInt(body.until))
        .where('read_at', 'is', null)
        .execute();
      return undefined;
    },
    listChannels: async ({ caller }) => {
      const rows = await database
        .selectFrom('channel')
        .selectAll()
        .where('owner', '=', caller.owner)
        .orderBy('made_at')
        .execute();
      return { items: rows.map(channelOf), next: null };
    },
    createChannel: async ({ caller, body }) => {
      if (!URL.canParse(body.url))
        throw new HttpProblem('impossible', 'This is not an address; nothing was made.');
      const all = await database
        .selectFrom('channel')
        .select('id')
        .where('owner', '=', caller.owner)
        .execute();
      if (all.length >= CHANNELS_MAX)
        throw new HttpProblem(
          'impossible',
          `A workspace has at most ${CHANNELS_MAX} channels; nothing was made.`,
        );
      const id = newId('c');
      const { label, url, level } = body;
      await database.insertInto('channel').values({ owner: caller.owner, id, label, url, level }).execute();
      await record(database, caller.owner, caller, 'channel-made', { name: label });
      return channelOf(await find(caller.owner, id));
    },
    testChannel: async ({ caller, params }) => {
      const { id, owner } = await find(caller.owner, params.channel);
      const row = await database
        .insertInto('delivery')
        .values({
          owner,
          channel: id,
          level: 'info',
          subject: 'Test',
          payload: JSON.stringify({ type: 'test', workspace: owner }),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return deliveryOf(await deliveries.send(row));
    },
    removeChannel: async ({ caller, params }) => {
      const { id, label } = await find(caller.owner, params.channel);
      await database.deleteFrom('channel').where('owner', '=', caller.owner).where('id', '=', id).execute();
      await record(database, caller.owner, caller, 'channel-removed', { name: label });
      return undefined;
    },
    listDeliveries: async ({ caller, query }) => {
      const before = readNumberCursor(query);
      let rows = database
        .selectFrom('delivery')
        .selectAll()
        .where('owner', '=', caller.owner)
        .orderBy('id', 'desc')
        .limit(query.limit + 1);
      if (before !== null) rows = rows.where('id', '<', before);
      if (query.channel !== undefined) rows = rows.where('channel', '=', query.channel);
      return pageOf(await rows.execute(), query.limit, (row) => [String(row.id)], deliveryOf);
    },
  };
}

function deliveryOf(row: Selectable<DeliveryTable>): Delivery {
  return {
    id: String(row.id),
    channel: row.channel,
    subject: row.subject,
    level: row.level,
    state: row.state === 'waiting' && row.attempts > 0 ? 'failing' : row.state,
    attempts: row.attempts,
    lastStatus: row.last_status,
    trouble: row.trouble,
    madeAt: row.made_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString() ?? null,
  };
}
