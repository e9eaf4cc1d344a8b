/** Bots and SmartTrades as the API shows them, made of what the ledger holds. */
import type { Bot, BotState, Decision, Profit, SmartTrade, SmartTradeState } from '@counterfoil/api';
import {
  averageEntry,
  type DcaState,
  type GridState,
  type Note,
  openQuantity,
  quoteGain,
  type SmartTradeOptions,
  type SmartTradeState as SmartMachineState,
} from '@counterfoil/engine';
import { type Amount, formatAmount, formatPrice, formatQuantity, type Market } from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import { type ExactJson, fromExactJson } from '../../ledger/exact-json.ts';
import { workingOrdersOf } from '../../runner/machines.ts';
import { type BotPlan, marketsOf } from '../../runner/plan.ts';
import { type BotView, EVENTS_BACK } from '../../runner/service.ts';
import { describeNote } from './note-text.ts';
import { planToText, smartTradeToText } from './plan-text.ts';

/** What is known of a bot besides its own row. */
export interface BotHistory {
  readonly dealsClosed: number;
  /** In units of the first market's quote. */
  readonly profit: bigint;
  readonly lastNotes: { readonly at: Date; readonly notes: readonly Note[] } | null;
}

const nothingYet: BotHistory = { dealsClosed: 0, profit: 0n, lastNotes: null };

/** Of one bot, or of all of an owner. */
export async function historiesOf(
  database: Kysely<Tables>,
  owner: string,
  bot: string | null,
): Promise<ReadonlyMap<string, BotHistory>> {
  const { rows } = await sql<{
    id: string;
    closed: bigint;
    profit: string;
    at: Date | null;
    notes: ExactJson | null;
  }>`
    select b.id, d.closed, d.profit, e.at, e.notes::text as notes
    from bot b
    left join lateral (
      select count(*) as closed, coalesce(sum(substr(d.body->>'profit', 2)::numeric), 0)::text as profit
      from deal d where d.owner = b.owner and d.bot = b.id and d.ended_at is not null
    ) d on true
    left join lateral (
      select e.at, e.notes from bot_event e
      where e.owner = b.owner and e.bot = b.id and e.seq > b.seq - ${EVENTS_BACK}
        and exists (select from json_array_elements(e.notes) as note where note->>'code' <> 'ignored')
      order by e.seq desc limit 1
    ) e on true
    where b.owner = ${owner} and (${bot}::text is null or b.id = ${bot})`.execute(database);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        dealsClosed: Number(row.closed),
        profit: BigInt(row.profit),
        // The ledger writes a machine's notes there.
        lastNotes:
          row.at === null || row.notes === null
            ? null
            : { at: row.at, notes: fromExactJson(row.notes) as readonly Note[] },
      },
    ]),
  );
}

export function botOf(view: BotView, history: BotHistory = nothingYet): Bot {
  const { plan } = view;
  if (plan.kind === 'smart-trade') throw new Error('a SmartTrade is shown by smartTradeOf');
  const [market] = marketsOf(plan);
  const decision = lastDecision(view, history);
  return {
    id: view.id,
    name: view.name,
    environment: 'paper',
    connection: view.connection,
    state: stateOf(view),
    plan: planToText(plan),
    dealsOpen: plan.kind === 'dca' ? ((view.state as DcaState | null)?.deals.length ?? 0) : 0,
    dealsClosed: plan.kind === 'dca' ? history.dealsClosed : ((view.state as GridState | null)?.trips ?? 0),
    ordersOpen: workingOrdersOf(plan.kind, view.state).length,
    profit: market === undefined ? [] : [profitOf(market, gained(view, history))],
    lastDecision: decision,
    trouble:
      decision?.code === 'order-refused' || decision?.code === 'order-too-small' ? decision.sentence : null,
    madeAt: view.madeAt.toISOString(),
    startedAt: view.state === null ? null : view.madeAt.toISOString(),
    version: versionOf(view),
  };
}

/** Grows with every change of the bot's options; taken from them, so that an edit of what is not shown is noticed. */
export function versionOf(view: BotView): number {
  let hash = 0;
  for (const char of JSON.stringify(view.plan, (_name, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  ))
    hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash;
}

function gained({ plan, state }: BotView, history: BotHistory): bigint {
  return plan.kind === 'grid' ? ((state as GridState | null)?.profit ?? 0n) : history.profit;
}

function profitOf(market: Market, units: bigint): Profit {
  // Units of the market's quote by construction.
  return { asset: market.quote, amount: formatAmount(market, units as Amount) };
}

function stateOf({ status, plan, state }: BotView): BotState {
  if (status === 'created') return 'draft';
  if (status === 'ended') return 'stopped';
  if (status === 'stopped') return 'stopped';
  if (plan.kind === 'dca' && state !== null && !(state as DcaState).enabled) return 'paused';
  if (plan.kind === 'grid' && (state as GridState | null)?.phase === 'stopping') return 'stopping';
  return 'running';
}

export function lastDecision(view: BotView, { lastNotes }: BotHistory): Decision | null {
  const note = lastNotes?.notes.findLast(({ code }) => code !== 'ignored');
  if (lastNotes === null || note === undefined) return null;
  return describeFor(view, lastNotes.at, note);
}

/** A note as a decision of this bot. */
export function describeFor(
  { plan, state }: Pick<BotView, 'plan' | 'state'>,
  at: Date,
  note: Note,
): Decision {
  const markets = marketsOf(plan);
  const dealMarket = (deal: number): Market | undefined => {
    if (plan.kind !== 'dca' || state === null) return markets[0];
    const found = (state as DcaState).deals.find((one) => one.number === deal);
    return markets[found?.market ?? 0];
  };
  return { at: at.toISOString(), code: note.code, ...describeNote(note, markets, dealMarket) };
}

const smartStates: Readonly<Record<SmartMachineState['phase'], SmartTradeState>> = {
  idle: 'draft',
  waiting: 'waiting',
  'trailing-in': 'waiting',
  entering: 'entering',
  open: 'open',
  closing: 'closing',
  leaving: 'closing',
  done: 'closed',
};

export function smartTradeOf(view: BotView, history: BotHistory = nothingYet): SmartTrade {
  const options = smartOptions(view.plan);
  const { market, direction } = options;
  const state = view.state as SmartMachineState | null;
  const account = state?.account;
  const isEntered = account !== undefined && account.enteredQuantity > 0n;
  const isOver = state?.phase === 'done';
  const exit = state?.exit ?? options.exit;
  return {
    id: view.id,
    name: view.name,
    environment: 'paper',
    connection: view.connection,
    state: isOver && state.why === 'cancelled-by-user' ? 'cancelled' : smartStates[state?.phase ?? 'idle'],
    options: smartTradeToText({ ...options, exit }),
    quantity: isEntered ? formatQuantity(market, atLeastZero(openQuantity(account, direction))) : '0',
    average: isEntered ? formatPrice(market, averageEntry(account, market)) : null,
    targetsTaken: state?.targetsTaken ?? 0,
    stopPrice: exit?.stop?.at.by === 'price' ? formatPrice(market, exit.stop.at.price) : null,
    profit: isOver && isEntered ? profitOf(market, quoteGain(account, direction)) : null,
    lastDecision: lastDecision(view, history),
    madeAt: view.madeAt.toISOString(),
    endedAt: isOver ? view.changedAt.toISOString() : null,
  };
}

export function smartOptions(plan: BotPlan): SmartTradeOptions {
  if (plan.kind !== 'smart-trade') throw new Error(`a ${plan.kind} bot is no SmartTrade`);
  return plan.options;
}

function atLeastZero<T extends bigint>(value: T): T {
  // Nothing is the least of any quantity.
  return value > 0n ? value : (0n as T);
}
