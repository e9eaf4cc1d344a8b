/** What owners ask of their bots, as events for the machines. */
import type { DcaState, MachineEvent } from '@counterfoil/engine';
import type { Price } from '@counterfoil/vocabulary';
import type { Pool } from 'pg';
import { type ExactJson, fromExactJson, toExactJson } from '../ledger/exact-json.ts';
import type { LiveBot, Told } from './live-bot.ts';
import { usesFunds } from './machines.ts';
import { type BotPlan, type BotRequest, marketsOf } from './plan.ts';
import type { PriceDesk } from './price-desk.ts';

export interface OpenRequest {
  readonly owner: string;
  readonly bot: string;
  readonly id: number;
  readonly body: BotRequest;
}

/** Requests taken at once; the rest waits for the next round. */
const TAKEN_MAX = 512;

/** Requests to bots of these shards that nobody has answered, oldest first. */
export async function openRequests(pool: Pool, shards: readonly number[]): Promise<readonly OpenRequest[]> {
  const { rows } = await pool.query<{ owner: string; bot: string; id: bigint; body: ExactJson }>(
    `select c.owner, c.bot, c.id, c.body::text from bot_command c
     join bot b on b.owner = c.owner and b.id = c.bot
     where c.done_at is null and b.shard = any($1::int[]) order by c.id limit $2`,
    [shards, TAKEN_MAX],
  );
  // The service writes no other bodies.
  return rows.map((row) => ({ ...row, id: Number(row.id), body: fromExactJson(row.body) as BotRequest }));
}

export interface RequestTools {
  readonly prices: PriceDesk;
  /** Tells the bot what money is free; false where nobody can say now. */
  readonly funds: (bot: LiveBot) => Promise<boolean>;
}

/** Carries a request out; resolves when its outcome is durable, or when it has to wait for the next round. */
export async function obey(bot: LiveBot, request: OpenRequest, tools: RequestTools): Promise<void> {
  const events = await eventsOf(bot, request.body, tools);
  if (events === 'later') return;
  const outcome = typeof events === 'string' ? { ok: false, sentence: events } : { ok: true };
  const told: readonly Told[] = typeof events === 'string' ? [] : events;
  for (const one of told) bot.tell(one);
  await new Promise<void>((resolve) => {
    bot.tell({
      event: null,
      command: { id: request.id, outcome: toExactJson(outcome) },
      done: () => resolve(),
    });
  });
}

/** What to tell the bot, a sentence why it cannot be done, or `later` while a price or the vault is missing. */
async function eventsOf(
  bot: LiveBot,
  asked: BotRequest,
  tools: RequestTools,
): Promise<readonly Told[] | string> {
  const atMs = Date.now();
  switch (asked.kind) {
    case 'start':
      return start(bot, tools);
    case 'pause':
      if (bot.plan.kind !== 'dca') return 'Only a DCA bot can be paused; stop this one.';
      return bot.state === null ? 'The bot has not been started.' : [{ event: { kind: 'stopped', atMs } }];
    case 'stop':
      return stop(bot, asked.positions, tools);
    case 'edit':
      return edit(bot, asked.plan);
    case 'signal': {
      const price = priceOf(bot, asked.market, tools);
      if (price === null) return 'later';
      return [{ event: { kind: 'signal', name: asked.name, market: asked.market, atMs, price } }];
    }
    case 'machine': {
      const event = command(bot, asked.command, asked.market, tools);
      return event === null ? 'later' : [{ event }];
    }
    default:
      return asked satisfies never;
  }
}

async function start(bot: LiveBot, tools: RequestTools): Promise<readonly Told[] | string> {
  if (bot.plan.kind !== 'dca' && bot.status !== 'created')
    return 'This bot has run already; make a new one of it (clone) and start that.';
  const price = priceOf(bot, 0, tools);
  if (price === null) return 'later';
  // Sizes in percent, and what a grid can sell, count from the money that is free now.
  if (usesFunds(bot.plan) && !(await tools.funds(bot))) return 'later';
  return [{ event: { kind: 'started', market: 0, atMs: Date.now(), price }, status: 'running' }];
}

function stop(bot: LiveBot, positions: 'close' | 'keep', tools: RequestTools): readonly Told[] | string {
  const { plan, state } = bot;
  const atMs = Date.now();
  if (state === null) return [{ event: null, status: 'stopped' }];
  if (plan.kind === 'dca') {
    const told: Told[] = [{ event: { kind: 'stopped', atMs } }];
    // The state of a DCA bot is that machine's.
    for (const { number, market } of (state as DcaState).deals) {
      const kind = positions === 'close' ? 'close-deal' : 'cancel-deal';
      const event = command(bot, { kind, deal: number }, market, tools);
      if (event === null) return 'later';
      told.push({ event });
    }
    return told;
  }
  const asked =
    plan.kind === 'grid'
      ? ({ kind: 'stop', action: positions === 'close' ? 'stop-and-sell' : 'stop' } as const)
      : ({ kind: positions === 'close' ? 'close' : 'cancel' } as const);
  const event = command(bot, asked, 0, tools);
  return event === null ? 'later' : [{ event }];
}

function edit(bot: LiveBot, plan: BotPlan): readonly Told[] | string {
  if (plan.kind !== bot.plan.kind)
    return `A ${bot.plan.kind} bot cannot become a ${plan.kind} bot; make a new one.`;
  const symbols = (one: BotPlan): string =>
    marketsOf(one)
      .map((market) => market.symbol)
      .join();
  if (bot.state !== null && symbols(plan) !== symbols(bot.plan))
    return 'The markets of a bot that has run stay as they are; make a new one of it (clone).';
  if (bot.plan.kind !== 'dca' && bot.state !== null)
    return 'The options of this bot cannot change once it runs; stop it and make a new one of it (clone).';
  return [{ event: null, plan }];
}

type AnyCommand = Extract<BotRequest, { kind: 'machine' }>['command'];

/** Null while the market's price is not known. */
function command(
  bot: LiveBot,
  asked: AnyCommand,
  market: number,
  tools: RequestTools,
): MachineEvent<unknown> | null {
  const price = priceOf(bot, market, tools);
  return price === null ? null : { kind: 'command', command: asked, market, atMs: Date.now(), price };
}

function priceOf(bot: LiveBot, market: number, tools: RequestTools): Price | null {
  const found = bot.markets[market];
  return found === undefined ? null : tools.prices.priceOf(found);
}
