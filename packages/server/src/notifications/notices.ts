/** Makes notices of what the outbox says, each entry once, and lines up their deliveries in the same transaction. */
import type { Notice, Saying, StreamEvent } from '@counterfoil/api';
import type { Note } from '@counterfoil/engine';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { describeFor } from '../http/trading/bot-views.ts';
import type { BotService, OutboxView } from '../runner/service.ts';
import { type Told, saidOf, told } from '../sayings/tell.ts';
import { tellWatchers } from './outbox-writer.ts';

const READ_MAX = 200;
const RANK = { info: 1, check: 2, act: 3 } as const;

export interface NewNotice {
  readonly level: Notice['level'];
  readonly security: boolean;
  readonly subject: string;
  readonly subjectSaid: Saying | null;
  readonly body: string;
  readonly bodySaid: Saying | null;
  readonly bot: string | null;
}

/** Codes of the engine's notes that people are told of, and how loudly. */
const levels: Partial<Record<Note['code'], Notice['level']>> = {
  'deal-closed': 'info',
  'bot-stopped-after-deals': 'info',
  'bot-stopped-by-stop-loss': 'check',
  'order-too-small': 'check',
  'order-refused': 'check',
  'order-ended-by-venue': 'check',
};

export class Notices {
  readonly #database: Kysely<Tables>;
  readonly #service: BotService;

  constructor(database: Kysely<Tables>, service: BotService) {
    this.#database = database;
    this.#service = service;
  }

  /** Looks at what is new of every owner. */
  async round(): Promise<void> {
    const rows = await this.#database
      .selectFrom('outbox_head as h')
      .leftJoin('notice_cursor as c', 'c.owner', 'h.owner')
      .select(['h.owner', 'c.last as seen'])
      .where((eb) => eb.or([eb('c.last', 'is', null), eb('h.last', '>', eb.ref('c.last'))]))
      .execute();
    for (const { owner, seen } of rows) await this.#ownerRound(owner, Number(seen ?? 0n));
  }

  async #ownerRound(owner: string, seen: number): Promise<void> {
    const entries = await this.#service.outbox(owner, seen, READ_MAX);
    const last = entries.at(-1)?.id;
    if (last === undefined) return;
    const made: NewNotice[] = [];
    for (const entry of entries) {
      const notice = await this.#noticeOf(owner, entry);
      if (notice !== null) made.push(notice);
    }
    await this.#database.transaction().execute(async (write) => {
      const cursor = await write
        .insertInto('notice_cursor')
        .values({ owner, last: BigInt(last) })
        .onConflict((conflict) =>
          conflict
            .column('owner')
            .doUpdateSet({ last: BigInt(last) })
            // Another server was faster: its notices are there.
            .where('notice_cursor.last', '=', BigInt(seen)),
        )
        .executeTakeFirst();
      if (cursor.numInsertedOrUpdatedRows === 0n) return;
      for (const notice of made) await keepNotice(write, owner, notice);
    });
  }

  async #noticeOf(owner: string, entry: OutboxView): Promise<NewNotice | null> {
    if (entry.kind === 'event') return noticeOfEvent(entry.body as StreamEvent);
    if (entry.kind !== 'note' || entry.bot === null) return null;
    // Written by the ledger from a machine's step.
    const note = entry.body as Note;
    const level = levels[note.code];
    if (level === undefined) return null;
    const view = await this.#service.bot(owner, entry.bot);
    if (view === null) return null;
    const { sentence: body, said: bodySaid } = describeFor(view, entry.at, note);
    return { level, security: false, subject: view.name, subjectSaid: null, body, bodySaid, bot: entry.bot };
  }
}

function noticeOfEvent(event: StreamEvent): NewNotice | null {
  if (event.type === 'foreignTrade') {
    const { side, quantity, symbol, price } = event.trade;
    return securityNotice(
      'act',
      told('foreign-trade', {}),
      told('foreign-trade-asked', { side, quantity, symbol, price }),
    );
  }
  if (event.type !== 'freezes') return null;
  const { freezes } = event;
  const all = freezes.map(({ scope, depth, reason }) =>
    saidOf('freeze', { scope, depth, frozenFor: reason }),
  );
  // Good news asks nothing of anybody; it reaches every channel all the same.
  if (freezes.length === 0)
    return securityNotice('info', told('nothing-frozen-any-more', {}), told('vault-signs-again', {}));
  return securityNotice('act', told('trading-frozen', {}), told('freezes', { all }));
}

function securityNotice(level: Notice['level'], subject: Told, body: Told): NewNotice {
  return {
    level,
    security: true,
    subject: subject.sentence,
    subjectSaid: subject.said,
    body: body.sentence,
    bodySaid: body.said,
    bot: null,
  };
}

/** The notice, its event and a delivery for every channel that wants it. */
async function keepNotice(write: Transaction<Tables>, owner: string, notice: NewNotice): Promise<void> {
  const { level, security, subject, subjectSaid, body, bodySaid, bot } = notice;
  const row = await write
    .insertInto('notice')
    .values({
      owner,
      level,
      security,
      subject: subject.slice(0, 120),
      subject_said: subjectSaid === null ? null : JSON.stringify(subjectSaid),
      body: body.slice(0, 1_000),
      body_said: bodySaid === null ? null : JSON.stringify(bodySaid),
      bot,
    })
    .returning(['id', 'at'])
    .executeTakeFirstOrThrow();
  const view: Notice = { id: String(row.id), at: row.at.toISOString(), ...notice, readAt: null };
  await tellWatchers(write, owner, { type: 'notice', notice: view });
  const channels = await write
    .selectFrom('channel')
    .select(['id', 'level'])
    .where('owner', '=', owner)
    .where('tested', '=', true)
    .execute();
  const wanting = channels.filter(({ level }) => notice.security || RANK[notice.level] >= RANK[level]);
  if (wanting.length === 0) return;
  // Whoever gets it reads the sentences, as ever.
  const payload = { id: view.id, at: view.at, level, security, subject, body };
  await write
    .insertInto('delivery')
    .values(
      wanting.map(({ id }) => ({
        owner,
        channel: id,
        level: notice.level,
        subject: notice.subject,
        payload: JSON.stringify({ type: 'notice', workspace: owner, notice: payload }),
      })),
    )
    .execute();
}
