/** Routes of limits, freezes, foreign trades and the log. */
import {
  type ForeignTrade,
  type Freeze,
  type MandateChange,
  type RouteName,
  type SecurityOverview,
  type ValuesOf,
  mandateFromText,
  mandateToText,
} from '@counterfoil/api';
import { type DcaState, openQuantity } from '@counterfoil/engine';
import { connectionId, formatQuantity, userId } from '@counterfoil/vocabulary';
import type { IsolationLevel } from '@counterfoil/vocabulary/gate-flags';
import type { FreezeScope } from '@counterfoil/vocabulary/protocol';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { record } from '../../accounts/activity.ts';
import { marketsOf } from '../../runner/plan.ts';
import { assertionOf } from '../assertion.ts';
import { told } from '../../sayings/tell.ts';
import type { Gate, ResultOf } from '../gate.ts';
import type { Handlers } from '../handlers.ts';
import { pageOf, readCursor } from '../page.ts';
import { notFound } from '../problem.ts';
import { dealId } from '../trading/deal-views.ts';
import { type TradingParts, findConnection } from './bots.ts';

type Names = Extract<
  RouteName,
  | 'getSecurity'
  | `${'get' | 'propose' | 'approve'}Mandate`
  | 'beginApproval'
  | 'listFreezes'
  | 'freeze'
  | 'thaw'
  | 'listForeignTrades'
  | 'answerForeignTrade'
  | 'getLogHead'
  | 'listWitnesses'
>;

export interface SecurityParts extends TradingParts {
  readonly gate: Gate;
  readonly policyFile: string;
  /** Tells everybody who watches the workspace what is frozen now. */
  readonly onFreezes: (owner: string, freezes: readonly Freeze[]) => Promise<void>;
}

type SecurityState = ResultOf<'security'>;

export function securityHandlers(parts: SecurityParts): Pick<Handlers, Names> {
  const { database, service, gate } = parts;
  const stateOf = (owner: string): Promise<SecurityState> =>
    gate.ask({ kind: 'securityState', user: userId.parse(owner) }, 'security');
  const counted = async (owner: string): Promise<{ orders: number; receipts: number; foreign: number }> => {
    const { rows } = await sql<{ orders: bigint; receipts: bigint; foreign: bigint }>`
      select
        (select count(*) from intent where owner = ${owner} and state in ('accepted', 'rejected', 'unknown')) as orders,
        (select count(*) from intent where owner = ${owner} and state in ('accepted', 'rejected', 'unknown')
          and receipt is not null) as receipts,
        (select count(*) ${foreignOf(owner)} and a.answer is null) as "foreign"`.execute(database);
    const [row] = rows;
    return {
      orders: Number(row?.orders ?? 0n),
      receipts: Number(row?.receipts ?? 0n),
      foreign: Number(row?.foreign ?? 0n),
    };
  };

  return {
    getSecurity: async ({ caller }) => {
      const { owner } = caller;
      const [state, head, { statement }, counts, passkeys] = await Promise.all([
        stateOf(owner),
        gate.ask({ kind: 'head' }, 'head'),
        gate.ask({ kind: 'attest', nonce: randomBytes(16) }, 'attestation'),
        counted(owner),
        database.selectFrom('passkey').select('id').where('owner', '=', owner).execute(),
      ]);
      const missing = counts.orders - counts.receipts;
      const owners = state.owners.length;
      return {
        custody: {
          state: 'ok',
          ...told('custody-keys', { keys: state.connections.length }),
        },
        isolation: isolationCard(statement.isolation),
        receipts: {
          state: missing === 0 ? 'ok' : 'check',
          ...(missing === 0 ? told('receipts-complete', {}) : told('receipts-missing', { missing })),
          orders: counts.orders,
          receipts: counts.receipts,
        },
        foreignTrades: {
          state: counts.foreign === 0 ? 'ok' : 'act',
          ...(counts.foreign === 0
            ? told('foreign-none', {})
            : told('foreign-found', { trades: counts.foreign })),
        },
        devices: {
          state: passkeys.length === 0 ? 'not-set-up' : passkeys.length === 1 ? 'check' : 'ok',
          ...(passkeys.length === 0
            ? told('passkeys-none', {})
            : told('passkeys-some', { passkeys: passkeys.length, owners })),
        },
        phishing: { state: 'not-set-up', ...told('phishing-unchecked', {}) },
        freezes: state.freezes.map(freezeOf),
        vaultKeyHash: Buffer.from(head.vaultKeyHash).toString('hex'),
      };
    },
    getMandate: async ({ caller, params }) => {
      await findConnection(database, caller.owner, params.connection);
      const { connections } = await stateOf(caller.owner);
      const found = connections.find((one) => one.connection === params.connection);
      if (found === undefined) throw notFound('connection in the vault');
      return {
        connection: params.connection,
        mandate: mandateToText(found.mandate, instantOf),
        hash: Buffer.from(found.hash).toString('hex'),
        signed: !found.unsigned,
        pending:
          found.pending === null
            ? null
            : {
                mandate: mandateToText(found.pending.mandate, instantOf),
                dueAt: instantOf(found.pending.dueMs),
              },
      };
    },
    proposeMandate: async ({ caller, params, body }) => {
      await findConnection(database, caller.owner, params.connection);
      const connection = connectionId.parse(params.connection);
      const answer = await gate.ask(
        { kind: 'mandatePropose', connection, mandate: mandateFromText(body, Date.parse) },
        'mandate',
      );
      await record(database, caller.owner, caller, 'mandate-proposed', {
        name: body.label,
        effect: answer.state,
      });
      return changeOf(answer);
    },
    approveMandate: async ({ caller, params, body }) => {
      await findConnection(database, caller.owner, params.connection);
      const answer = await gate.ask(
        {
          kind: 'mandateApprove',
          connection: connectionId.parse(params.connection),
          mandate: mandateFromText(body.mandate, Date.parse),
          assertion: assertionOf(body.assertion),
        },
        'mandate',
      );
      await record(database, caller.owner, caller, 'mandate-approved', {
        name: body.mandate.label,
        effect: answer.state,
      });
      return changeOf(answer);
    },
    beginApproval: async ({ caller }) => {
      const [{ vaultId, nonce }, { owners }] = await Promise.all([
        gate.ask({ kind: 'challenge' }, 'challenge'),
        stateOf(caller.owner),
      ]);
      return {
        vaultId,
        nonce: Buffer.from(nonce).toString('base64url'),
        credentialIds: owners.map((one) => Buffer.from(one.credentialId).toString('base64url')),
      };
    },
    listFreezes: async ({ caller }) => ({
      items: (await stateOf(caller.owner)).freezes.map(freezeOf),
      next: null,
    }),
    freeze: async ({ caller, body }) => {
      const scope = await scopeOf(parts, caller.owner, body.scope, body.connection);
      await gate.ask({ kind: 'freeze', scope, depth: body.depth }, 'done');
      await record(database, caller.owner, caller, 'frozen', { ...scopeValues(scope), depth: body.depth });
      const [state, views] = await Promise.all([stateOf(caller.owner), service.bots(caller.owner)]);
      const freezes = state.freezes.map(freezeOf);
      await parts.onFreezes(caller.owner, freezes);
      return {
        freezes,
        unprotected: views.flatMap((view) => {
          if (view.plan.kind !== 'dca' || view.state === null) return [];
          if (scope.kind === 'connection' && scope.connection !== view.connection) return [];
          const markets = marketsOf(view.plan);
          return (view.state as DcaState).deals.flatMap((deal) => {
            const market = markets[deal.market];
            const held = openQuantity(deal.account, deal.options.direction);
            if (market === undefined || held <= 0n) return [];
            const quantity = formatQuantity(market, held);
            return [{ bot: view.id, deal: dealId(view.id, deal.number), symbol: market.symbol, quantity }];
          });
        }),
      };
    },
    thaw: async ({ caller, body }) => {
      const scope = await scopeOf(parts, caller.owner, body.scope, body.connection);
      await gate.ask({ kind: 'thaw', scope, assertion: assertionOf(body.assertion) }, 'done');
      await record(database, caller.owner, caller, 'thawed', scopeValues(scope));
      const { owners, freezes } = await stateOf(caller.owner);
      // Where the vault knows an owner it took the thaw from nobody else: that is the approval after a recovery.
      if (owners.length > 0)
        await database
          .updateTable('account')
          .set({ recovering: false })
          .where('owner', '=', caller.owner)
          .execute();
      const items = freezes.map(freezeOf);
      await parts.onFreezes(caller.owner, items);
      return { items, next: null };
    },
    listForeignTrades: async ({ caller, query }) => {
      const rows = await foreignRows(database, caller.owner, null, readCursor(query, 2), query.limit + 1);
      return pageOf(rows, query.limit, (row) => [row.at_text, row.trade_id], foreignView);
    },
    answerForeignTrade: async ({ caller, params, body }) => {
      const { owner } = caller;
      const [trade] = await foreignRows(database, owner, params.trade, null, 1);
      if (trade === undefined) throw notFound('foreign trade');
      const { connection, symbol, trade_id } = trade;
      if (body.answer === 'not-me') {
        const scope = { kind: 'connection', connection: connectionId.parse(connection) } as const;
        await gate.ask({ kind: 'freeze', scope, depth: 'everything' }, 'done');
        await parts.onFreezes(owner, (await stateOf(owner)).freezes.map(freezeOf));
      }
      await sql`
        insert into foreign_answer (owner, connection, symbol, trade_id, answer)
        values (${owner}, ${connection}, ${symbol}, ${trade_id}, ${body.answer})
        on conflict (owner, connection, symbol, trade_id) do update set answer = excluded.answer, at = now()`.execute(
        database,
      );
      await record(database, owner, caller, 'foreign-trade-answered', {
        trade: trade_id,
        symbol,
        answer: body.answer,
      });
      return foreignView({ ...trade, answer: body.answer });
    },
    getLogHead: async () => {
      const { checkpoint, logKey } = await gate.ask({ kind: 'head' }, 'head');
      // A checkpoint's text: origin, size and root hash, each on a line.
      const [origin = '', size = '0', root = ''] = checkpoint.split('\n', 3);
      return {
        origin,
        size: Number(size),
        rootHash: Buffer.from(root, 'base64').toString('hex'),
        checkpoint,
        logKey,
        asOf: new Date().toISOString(),
      };
    },
    listWitnesses: async () => {
      const policy = readFileSync(parts.policyFile, 'utf8');
      const lines = [...policy.matchAll(/^witness (\S+) (\S+)/gm)];
      return { items: lines.map(([, name = '', key = '']) => ({ name, key })), next: null };
    },
  };
}

async function scopeOf(
  { database }: TradingParts,
  owner: string,
  scope: 'connection' | 'user' | 'everything',
  connection: string | null,
): Promise<FreezeScope> {
  if (scope === 'everything') return { kind: 'everything' };
  if (scope === 'user') return { kind: 'user', user: userId.parse(owner) };
  if (connection === null) throw notFound('connection');
  await findConnection(database, owner, connection);
  return { kind: 'connection', connection: connectionId.parse(connection) };
}

function scopeValues(scope: FreezeScope): Pick<ValuesOf<'thawed'>, 'scope' | 'connection'> {
  return { scope: scope.kind, connection: scope.kind === 'connection' ? scope.connection : '' };
}

export function freezeOf({ scope, depth, reason, atMs }: SecurityState['freezes'][number]): Freeze {
  return {
    scope: scope.kind,
    connection: scope.kind === 'connection' ? scope.connection : null,
    depth,
    reason,
    at: instantOf(atMs),
  };
}

function changeOf(answer: ResultOf<'mandate'>): MandateChange {
  return {
    state: answer.state,
    hash: Buffer.from(answer.hash).toString('hex'),
    loosens: [...answer.loosens],
    approvals: answer.approvals,
    dueAt: answer.dueMs === null ? null : instantOf(answer.dueMs),
  };
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

interface ForeignRow {
  readonly connection: string;
  readonly symbol: string;
  readonly trade_id: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly at: Date;
  readonly at_text: string;
  readonly answer: ForeignTrade['state'];
}

/** What no order of ours explains. What was there before the key was is nobody's question. */
function foreignOf(owner: string) {
  return sql`from fill f
    join connection c on c.owner = f.owner and c.id = f.connection and c.made_at <= f.at
    left join foreign_answer a on a.owner = f.owner and a.connection = f.connection and a.symbol = f.symbol
      and a.trade_id = f.trade_id
    where f.owner = ${owner} and f.bot is null and not exists (
      select from intent i where i.owner = f.owner and i.connection = f.connection
        and i.outcome ->> 'venueOrderId' = f.venue_order_id)`;
}

/** Trades that no order of ours explains, newest first; or the one of that id. */
async function foreignRows(
  database: TradingParts['database'],
  owner: string,
  id: string | null,
  after: readonly string[] | null,
  limit: number,
): Promise<readonly ForeignRow[]> {
  const [at = null, trade = null] = after ?? [];
  const { rows } = await sql<ForeignRow>`
    select f.connection, f.symbol, f.trade_id, f.side, trim_scale(f.price)::text as price,
      trim_scale(f.quantity)::text as quantity, f.at, f.at::text as at_text, coalesce(a.answer, 'open') as answer
    ${foreignOf(owner)}
      and (${id}::text is null or f.connection || '.' || f.symbol || '.' || f.trade_id = ${id})
      and (${after === null}::boolean or (f.at, f.trade_id) < (${at}::timestamptz, ${trade}::text))
    order by f.at desc, f.trade_id desc limit ${limit}`.execute(database);
  return rows;
}

function foreignView(row: ForeignRow): ForeignTrade {
  return {
    id: `${row.connection}.${row.symbol}.${row.trade_id}`,
    connection: row.connection,
    symbol: row.symbol,
    side: row.side,
    price: row.price,
    quantity: row.quantity,
    at: row.at.toISOString(),
    state: row.answer,
  };
}

function isolationCard(isolation: IsolationLevel): SecurityOverview['isolation'] {
  const open = told('isolation-leaves-open', { isolation });
  return {
    state: isolation === 'L1' ? 'check' : 'ok',
    level: isolation,
    ...told('isolation-reached', { isolation }),
    protectsNotFrom: open.sentence,
    protectsNotFromSaid: open.said,
  };
}
