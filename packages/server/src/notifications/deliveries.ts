/**
 * Sends what waits, per channel in order: the next one leaves when the last was taken or given up. An answer that was
 * lost means that the same is sent again under the same id, so each arrives at least once.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { DeliveryTable, Tables } from '../database/tables.ts';
import { type WebhookSettings, sendWebhook } from './webhook.ts';

/** Pauses grow up to an hour; a receiver that is away for a day and a half is given up on, message by message. */
const PAUSE_MS_FIRST = 1_000;
const PAUSE_MS_MAX = 3_600_000;
const ATTEMPTS_MAX = 45;

export const DELIVERY_KEY_ID = 'counterfoil';

type Row = Selectable<DeliveryTable>;

export class Deliveries {
  readonly #database: Kysely<Tables>;
  readonly #settings: WebhookSettings;
  readonly #sending = new Set<string>();

  constructor(database: Kysely<Tables>, settings: WebhookSettings) {
    this.#database = database;
    this.#settings = settings;
  }

  /** Starts what is due; one message per channel is under way at a time. */
  async round(onFault: (error: unknown) => void): Promise<void> {
    const rows = await this.#database
      .selectFrom('delivery')
      .distinctOn(['owner', 'channel'])
      .selectAll()
      .where('state', '=', 'waiting')
      .orderBy('owner')
      .orderBy('channel')
      .orderBy('id')
      .execute();
    for (const row of rows) {
      const channel = `${row.owner}/${row.channel}`;
      if (row.next_at.getTime() > Date.now() || this.#sending.has(channel)) continue;
      this.#sending.add(channel);
      void this.send(row)
        .catch(onFault)
        .finally(() => this.#sending.delete(channel));
    }
  }

  /** One try, written down whatever comes of it. */
  async send(row: Row): Promise<Row> {
    const { owner, id, channel, payload } = row;
    const { url } = await this.#database
      .selectFrom('channel')
      .select('url')
      .where('owner', '=', owner)
      .where('id', '=', channel)
      .executeTakeFirstOrThrow();
    const attempts = row.attempts + 1;
    const came = await sendWebhook({ url, id: `${owner}.${id}`, payload }, this.#settings).then(
      (status) => ({ status, trouble: status >= 200 && status < 300 ? null : `answered HTTP ${status}` }),
      (error: unknown) => ({ status: null, trouble: sentence(error) }),
    );
    const isTaken = came.trouble === null;
    const pauseMs = Math.min(PAUSE_MS_FIRST * 2 ** Math.min(attempts - 1, 20), PAUSE_MS_MAX);
    const [after] = await this.#database
      .updateTable('delivery')
      .set({
        state: isTaken ? 'delivered' : attempts >= ATTEMPTS_MAX ? 'given-up' : 'waiting',
        attempts,
        last_status: came.status,
        trouble: came.trouble,
        next_at: new Date(Date.now() + pauseMs),
        delivered_at: isTaken ? new Date() : null,
      })
      .where('owner', '=', owner)
      .where('id', '=', id)
      .returningAll()
      .execute();
    await this.#database
      .updateTable('channel')
      .set({ trouble: came.trouble, ...(isTaken ? { tested: true } : {}) })
      .where('owner', '=', owner)
      .where('id', '=', channel)
      .execute();
    return after ?? row;
  }
}

/** Ours and the system's words, without what could break a line. */
function sentence(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[^ -~]+/g, ' ').slice(0, 300);
}

/** The installation's signing key, made once. */
export async function deliveryKey(database: Kysely<Tables>): Promise<WebhookSettings['key']> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await database
    .insertInto('notice_key')
    .values({ private_key_pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })
    .onConflict((conflict) => conflict.column('only_row').doNothing())
    .execute();
  const row = await database.selectFrom('notice_key').select('private_key_pem').executeTakeFirstOrThrow();
  return createPrivateKey(row.private_key_pem);
}
