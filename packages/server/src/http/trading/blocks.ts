/** What could stand in the way of a bot's next order, each with a yes or no of this moment. */
import type { Why } from '@counterfoil/api';
import { userId } from '@counterfoil/vocabulary';
import type { Market } from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { BotView } from '../../runner/service.ts';
import type { Gate, ResultOf } from '../gate.ts';
import { type Told, told } from '../../sayings/tell.ts';
import { HttpProblem } from '../problem.ts';

export type Block = Why['blockedBy'][number];

interface Known {
  readonly key: {
    readonly label: string;
    readonly trouble: string | null;
    readonly bound: boolean;
    readonly destroyed: boolean;
  } | null;
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
    destroyed: boolean;
    held: boolean;
    state: string | null;
    code: string | null;
    sentence: string | null;
  }>`
    select c.label, c.api_key_id is not null or c.permissions is not null as bound,
      c.trouble, c.removed_at is not null as destroyed,
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
  const { label, trouble, bound, destroyed, held, state, code, sentence } = row;
  return {
    key: label === null ? null : { label, trouble, bound, destroyed },
    held,
    last: state === null ? null : { state, code, sentence: sentence ?? '' },
  };
}

function block(what: Block['what'], trouble: Told | null, fine: Told): Block {
  return { what, ok: trouble === null, ...(trouble ?? fine) };
}

function vaultBlock(attached: boolean): Block {
  return block('vault', attached ? null : told('vault-away', {}), told('vault-answers', {}));
}

function frozenBlock({ connection }: BotView, { freezes }: ResultOf<'security'>): Block {
  const found = freezes.find(({ scope }) => scope.kind !== 'connection' || scope.connection === connection);
  const trouble =
    found === undefined
      ? null
      : told('frozen-for', { scope: found.scope.kind, frozenFor: found.reason, depth: found.depth });
  return block('frozen', trouble, told('nothing-frozen', {}));
}

function venueBlock(markets: readonly Market[] | null, last: Known['last']): Block {
  const closed = markets?.find((market) => market.status !== 'trading');
  const rejected = last?.state === 'rejected' && !isForFunds(last) ? last : null;
  const trouble =
    markets === null
      ? told('venue-silent', {})
      : closed !== undefined
        ? told('why-market-closed', { symbol: closed.symbol, status: closed.status })
        : rejected === null
          ? null
          : told('venue-rejected', { quoted: rejected.sentence });
  return block('venue', trouble, told('venue-trades', {}));
}

function keyBlock(key: Known['key']): Block {
  return block('key', key === null ? told('key-gone', {}) : keyTrouble(key), told('key-may-trade', {}));
}

function keyTrouble({ label: name, trouble, bound, destroyed }: NonNullable<Known['key']>): Told | null {
  if (destroyed) return told('key-destroyed', { name });
  if (trouble !== null) return told('key-troubled', { name, quoted: trouble });
  return bound ? null : told('key-unregistered', { name });
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
      ? told('limits-unknown', {})
      : isOver
        ? told('limits-over', {})
        : outside !== undefined
          ? told('limits-outside', { symbol: outside.symbol })
          : refused === null
            ? null
            : told('limits-refused', { quoted: refused.sentence });
  return block('limits', trouble, told('limits-allow', {}));
}

function leaseBlock(held: boolean): Block {
  return block('lease', held ? null : told('worker-gone', {}), told('worker-has-it', {}));
}

function fundsBlock(last: Known['last']): Block {
  const short = last !== null && isForFunds(last);
  return block('funds', short ? told('funds-short', {}) : null, told('funds-enough', {}));
}

/** Binance says it in words alone: its code -2010 stands for every rejected order. */
function isForFunds({ state, sentence }: { readonly state: string; readonly sentence: string }): boolean {
  return state === 'rejected' && /insufficient/i.test(sentence);
}
