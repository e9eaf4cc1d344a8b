/** What could stand in the way of a bot's next order, each with a yes or no of this moment. */
import type { Why } from '@counterfoil/api';
import { userId } from '@counterfoil/vocabulary';
import type { Market } from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { BotView } from '../../runner/service.ts';
import type { Gate, ResultOf } from '../gate.ts';
import { HttpProblem } from '../problem.ts';

export type Block = Why['blockedBy'][number];

interface Known {
  readonly key: { readonly label: string; readonly trouble: string | null; readonly bound: boolean } | null;
  /** Whether a worker has the bot's shard now. */
  readonly held: boolean;
  /** What came of the last intent, as vault or venue said it. */
  readonly last: { readonly state: string; readonly code: string | null; readonly sentence: string } | null;
}

/** `markets` as of now; null where the venue does not say what they are or cost. */
export async function blocksOf(
  { database, gate }: { readonly database: Kysely<Tables>; readonly gate: Gate },
  owner: string,
  view: BotView,
  markets: readonly Market[] | null,
  nowMs: number,
): Promise<readonly Block[]> {
  const [known, security] = await Promise.all([
    readKnown(database, owner, view),
    gate
      .ask({ kind: 'securityState', user: userId.parse(owner) }, 'security')
      .catch((error: unknown) => (error instanceof HttpProblem ? null : Promise.reject(error))),
  ]);
  return [
    vaultBlock(security !== null),
    ...(security === null ? [] : [frozenBlock(view, security)]),
    venueBlock(markets, known.last),
    keyBlock(known.key),
    ...(security === null ? [] : [limitsBlock(view, security, markets ?? [], known.last, nowMs)]),
    leaseBlock(known.held),
    fundsBlock(known.last),
  ];
}

async function readKnown(database: Kysely<Tables>, owner: string, view: BotView): Promise<Known> {
  const { rows } = await sql<{
    label: string | null;
    trouble: string | null;
    bound: boolean;
    held: boolean;
    state: string | null;
    code: string | null;
    sentence: string | null;
  }>`
    select c.label, c.api_key_id is not null or c.permissions is not null as bound,
      case when c.removed_at is null then c.trouble else 'Its key is destroyed.' end as trouble,
      exists (select from shard s where s.id = b.shard and s.until > now()) as held, i.state,
      coalesce(i.outcome->>'code', i.outcome->>'venueCode') as code,
      coalesce(i.outcome->>'sentence', i.outcome->>'venueSentence', '') as sentence
    from bot b
    left join connection c on c.owner = b.owner and c.id = b.connection
    left join lateral (
      select state, outcome from intent
      where owner = b.owner and bot = b.id and method = 'create' order by seq desc limit 1
    ) i on true
    where b.owner = ${owner} and b.id = ${view.id}`.execute(database);
  const [row] = rows;
  if (row === undefined) return { key: null, held: false, last: null };
  const { label, trouble, bound, held, state, code, sentence } = row;
  return {
    key: label === null ? null : { label, trouble, bound },
    held,
    last: state === null ? null : { state, code, sentence: sentence ?? '' },
  };
}

function block(what: Block['what'], trouble: string | null, fine: string): Block {
  return { what, ok: trouble === null, sentence: trouble ?? fine };
}

function vaultBlock(attached: boolean): Block {
  const trouble = 'The vault does not answer; nothing can be ordered until it is back.';
  return block('vault', attached ? null : trouble, 'The vault answers.');
}

function frozenBlock({ connection }: BotView, { freezes }: ResultOf<'security'>): Block {
  const found = freezes.find(({ scope }) => scope.kind !== 'connection' || scope.connection === connection);
  const what = { connection: 'Its connection', user: 'The workspace', everything: 'The vault' } as const;
  const trouble =
    found === undefined
      ? null
      : `${what[found.scope.kind]} is frozen (${found.reason}): ${
          found.depth === 'everything' ? 'nothing is signed' : 'no new position is opened'
        } until it is thawed.`;
  return block('frozen', trouble, 'Nothing is frozen.');
}

function venueBlock(markets: readonly Market[] | null, last: Known['last']): Block {
  const closed = markets?.find((market) => market.status !== 'trading');
  const rejected = last?.state === 'rejected' && !isForFunds(last) ? last : null;
  const trouble =
    markets === null
      ? 'The venue says no price at the moment: nothing is decided until it does.'
      : closed !== undefined
        ? `The market ${closed.symbol} is ${closed.status}: nothing is bought or sold until it trades again.`
        : rejected === null
          ? null
          : `The venue rejected the last order: ${rejected.sentence}`;
  return block('venue', trouble, 'The venue trades its markets.');
}

function keyBlock(key: Known['key']): Block {
  const trouble =
    key === null
      ? 'Its connection is gone: the bot can order nothing.'
      : key.trouble !== null
        ? `The key “${key.label}” does not work: ${key.trouble}`
        : key.bound
          ? null
          : `The key “${key.label}” is not registered at the venue yet.`;
  return block('key', trouble, 'The key may trade.');
}

function limitsBlock(
  { connection }: BotView,
  { connections }: ResultOf<'security'>,
  markets: readonly Market[],
  last: Known['last'],
  nowMs: number,
): Block {
  const mandate = connections.find((one) => one.connection === connection)?.mandate;
  const outside = markets.find(
    ({ symbol }) =>
      mandate !== undefined &&
      ((mandate.markets !== null && !mandate.markets.includes(symbol)) || mandate.denied.includes(symbol)),
  );
  const isOver = nowMs >= (mandate?.validUntilMs ?? Number.POSITIVE_INFINITY);
  const refused = last?.state === 'refused' && last.code === 'mandate' ? last : null;
  const trouble =
    mandate === undefined
      ? 'The vault knows no limits for its connection, so it signs nothing.'
      : isOver
        ? 'The limits of its connection have run out: sign new ones.'
        : outside !== undefined
          ? `The limits of its connection do not allow ${outside.symbol}.`
          : refused === null
            ? null
            : `The vault refused the last order: ${refused.sentence}`;
  return block('limits', trouble, 'The limits of its connection allow its markets.');
}

function leaseBlock(held: boolean): Block {
  const trouble = 'No worker has it at the moment; within two seconds another one takes it over.';
  return block('lease', held ? null : trouble, 'A worker has it.');
}

function fundsBlock(last: Known['last']): Block {
  const trouble =
    last !== null && isForFunds(last) ? 'The last order was rejected: the account has too little.' : null;
  return block('funds', trouble, 'No order failed for want of money.');
}

/** Binance says it in words alone: its code -2010 stands for every rejected order. */
function isForFunds({ state, sentence }: { readonly state: string; readonly sentence: string }): boolean {
  return state === 'rejected' && /insufficient/i.test(sentence);
}
