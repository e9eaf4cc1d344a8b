/**
 * A worker's bots: takes the shards that it may have, loads their bots, and brings prices, times, the venue's words and
 * the owners' requests to them. What it holds in memory can be lost at any moment; the ledger has everything.
 */
import type { MachineEvent, Parked } from '@counterfoil/engine';
import { MarketStream, type PublicRest } from '@counterfoil/venues';
import { connectionId, type Market, parseUnits, type Price } from '@counterfoil/vocabulary';
import { WireError } from '@counterfoil/wire';
import type { Pool } from 'pg';
import { Leases } from '../ledger/leases.ts';
import { Ledger } from '../ledger/ledger.ts';
import { GateLink, type GateLinkOptions, type GateSession } from '../worker/gate-link.ts';
import { ConditionDesk } from './condition-desk.ts';
import { ConnectionDesk } from './connection-desk.ts';
import { every } from './every.ts';
import { type BotHost, LiveBot } from './live-bot.ts';
import { type LoadedBot, loadBot, loadShards } from './load.ts';
import { MarketDesk } from './market-desk.ts';
import { OrderDesk } from './order-desk.ts';
import { PriceDesk } from './price-desk.ts';
import { nakedPositions, UNPROTECTED_MS_MAX, venueWorth } from './protection.ts';
import { obey, openRequests } from './requests.ts';

/** Two rounds and a moment fit into a lease, so that one slow round loses nothing. */
const LEASE_ROUND_MS = 400;
const REQUESTS_MS = 100;
/** Time triggers are as exact as this; a tick over nothing costs a comparison. */
const TIME_MS = 50;
const TRADES_MS = 500;
const RECONCILE_MS = 15_000;
const PROTECTION_MS = 1_000;
/** What a trail may forget of its peak when its worker dies. */
const PEAKS_MS = 5_000;
const QUIET_MS = 20;
/** As long as the gate waits for a venue's answer; then the order's outcome is the next worker's to find. */
const QUIET_MS_MAX = 10_000;
/** A distant worker without a line for this long leaves its bots to others; the vault is started again in less. */
const CUT_OFF_MS = 3_000;
/** Of the price desk's units. */
const PRICE_SCALE = 8;

export interface RunnerOptions extends Omit<GateLinkOptions, 'nextEpoch' | 'onAttached'> {
  readonly pool: Pool;
  /** Unique among the workers of an installation. */
  readonly worker: string;
  /** Public market data: of the one venue that there is. */
  readonly rest: PublicRest;
  readonly streamUrl: string;
  readonly ca: string | undefined;
}

export class Runner implements BotHost {
  readonly ledger: Ledger;
  readonly prices: PriceDesk;
  readonly orders: OrderDesk;
  readonly #options: RunnerOptions;
  readonly #leases: Leases;
  readonly #conditions: ConditionDesk;
  /** A bot follows the steps of its markets, and keeps the limits that it was made under. */
  readonly #markets: MarketDesk;
  readonly #link: GateLink;
  readonly #stream: MarketStream;
  readonly #bots = new Map<string, LiveBot>();
  readonly #desks = new Map<string, ConnectionDesk>();
  readonly #checked = new Map<string, Promise<boolean>>();
  /** Since when each position has had no exit; `Infinity` once that was told. Bots that are read again keep theirs. */
  readonly #nakedSinceMs = new Map<string, number>();
  readonly #stops: (() => Promise<void>)[] = [];
  #session: GateSession | null = null;
  #lineLostAtMs = -Infinity;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.ledger = new Ledger(options.pool);
    this.#leases = new Leases(options.pool, options.worker);
    this.prices = new PriceDesk((bot, parked) => this.#fire(bot, parked));
    this.#conditions = new ConditionDesk(options.rest, (bot, parked) => this.#fire(bot, parked));
    this.#markets = new MarketDesk(options.rest, options.log);
    this.orders = new OrderDesk({
      ledger: this.ledger,
      epochOf: (shard) => this.epochOf(shard),
      session: () => this.#session,
      onTraded: (bot, order, quantity) => this.#deskOf(bot).traded(bot, order, quantity),
      checkKey: (bot) => this.#checkKey(bot),
      onStale: (bot) => this.lost(bot, 'the vault knows of another worker'),
      log: options.log,
    });
    this.#stream = new MarketStream({
      url: options.streamUrl,
      ca: options.ca,
      onTrade: ({ symbol, priceUnits }) => this.prices.tell(symbol, priceUnits),
      onOpen: () => this.#readPrices(),
      onLost: () => options.log('market data: the line broke; prices are missing until it stands again'),
    });
    this.#link = new GateLink({
      ...options,
      nextEpoch: () => this.#leases.renewEpochs(),
      onAttached: (session) => this.#attached(session),
    });
    this.#stops.push(
      every(LEASE_ROUND_MS, () => this.#leaseRound(), options.log),
      every(REQUESTS_MS, () => this.#takeRequests(), options.log),
      every(TIME_MS, () => this.#tick(), options.log),
      every(TRADES_MS, () => this.#readCrossed(), options.log),
      every(RECONCILE_MS, () => this.#reconcile(), options.log),
      every(PEAKS_MS, () => this.#keepPeaks(), options.log),
      every(PROTECTION_MS, () => this.#watchPositions(), options.log),
    );
  }

  get bots(): ReadonlyMap<string, LiveBot> {
    return this.#bots;
  }

  get attached(): boolean {
    return this.#session !== null;
  }

  epochOf(shard: number): number | undefined {
    return this.#leases.held.get(shard);
  }

  extremesOf(bot: LiveBot): ReadonlyMap<string, number> {
    return this.prices.extremesOf(bot);
  }

  park(bot: LiveBot, parked: Parameters<BotHost['park']>[1]): void {
    this.prices.park(bot, parked);
    this.#conditions.park(bot, parked);
    for (const market of bot.markets) this.#watch(market.symbol);
  }

  marketToday(symbol: string): Market | undefined {
    return this.#markets.today(symbol);
  }

  send: BotHost['send'] = (bot, intent, order) => this.orders.send(bot, intent, order);

  /** Reads the bot again where its shard is still ours. */
  lost(bot: LiveBot, why: string): void {
    if (bot.isGone) return;
    this.#options.log(`${bot.key}: read again, because ${why}`);
    const desk = this.#deskOf(bot);
    this.#drop(bot);
    if (!this.#leases.held.has(bot.shard)) return;
    desk.reloading++;
    loadBot(this.#options.pool, bot.owner, bot.id)
      .then((loaded) =>
        loaded === null || !this.#leases.held.has(bot.shard) ? undefined : this.#adopt(loaded),
      )
      .catch((error: unknown) => {
        this.#options.log(`${bot.key}: ${String(error)}`);
        // Its shard is given back in memory: the next round takes it again, and with it all its bots.
        this.#leases.forget(bot.shard);
        this.#dropShards([bot.shard]);
      })
      .finally(() => {
        desk.reloading--;
        // What was told to it meanwhile is not in the ledger.
        desk.look();
      });
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
    await this.#markets.close();
    this.#stream.close();
    await this.#quiet();
    for (const bot of this.#bots.values()) this.#drop(bot);
    await this.#link.close();
    await this.#leases.giveUp();
  }

  /** Until every order under way has its answer and the ledger knows; at most as long as the gate waits for a venue. */
  async #quiet(): Promise<void> {
    const isQuiet = (): boolean => this.orders.isIdle && [...this.#bots.values()].every((bot) => !bot.isBusy);
    for (let waitedMs = 0; waitedMs < QUIET_MS_MAX && !isQuiet(); waitedMs += QUIET_MS)
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }

  /** Bots that nobody can send orders for would hang on a worker that holds them and cannot either. */
  get #isCutOff(): boolean {
    const silentMs = performance.now() - this.#lineLostAtMs;
    return this.#options.isDistant && this.#session === null && silentMs > CUT_OFF_MS;
  }

  async #leaseRound(): Promise<void> {
    if (this.#isCutOff) return this.#leaveBots();
    const { gained, lost } = await this.#leases.round();
    this.#dropShards(lost);
    if (gained.size === 0) return;
    const shards = [...gained.keys()];
    // A trade that is read meanwhile may be of a bot that is not back yet.
    const desks = [...this.#desks.values()];
    for (const desk of desks) desk.reloading++;
    try {
      for (const one of await loadShards(this.#options.pool, shards)) this.#adopt(one);
    } catch (error) {
      for (const shard of shards) this.#leases.forget(shard);
      throw error;
    } finally {
      for (const desk of desks) desk.reloading--;
    }
  }

  async #leaveBots(): Promise<void> {
    const shards = [...this.#leases.held.keys()];
    this.#dropShards(shards);
    await this.#leases.giveUp();
    // A line that came back meanwhile has read them again.
    this.#dropShards(shards);
  }

  #dropShards(shards: readonly number[]): void {
    for (const bot of this.#bots.values()) if (shards.includes(bot.shard)) this.#drop(bot);
  }

  #adopt(loaded: LoadedBot): void {
    const bot = new LiveBot(loaded.record, this);
    const known = this.#bots.get(bot.key);
    if (known !== undefined) this.#drop(known);
    for (const order of loaded.orders) bot.orders.set(order.name, order);
    this.#bots.set(bot.key, bot);
    this.#deskOf(bot).bots.add(bot);
    this.park(bot, loaded.record.parked);
    this.orders.resolve(bot, loaded.open);
    this.orders.tellRefusals(bot, loaded.untold);
  }

  #drop(bot: LiveBot): void {
    bot.leave();
    this.#bots.delete(bot.key);
    this.#desks.get(`${bot.owner}/${bot.connection}`)?.bots.delete(bot);
    this.prices.park(bot, []);
    this.#conditions.park(bot, []);
  }

  #deskOf({ owner, connection, shard }: LiveBot): ConnectionDesk {
    const key = `${owner}/${connection}`;
    const known = this.#desks.get(key);
    if (known !== undefined) return known;
    const { pool, log } = this.#options;
    const desk = new ConnectionDesk({
      owner,
      connection,
      pool,
      orders: this.orders,
      session: () => this.#session,
      fence: () => {
        const epoch = this.epochOf(shard);
        return epoch === undefined ? null : { shard, epoch };
      },
      checkKey: (bot) => this.#checkKey(bot),
      log,
    });
    this.#desks.set(key, desk);
    return desk;
  }

  #fire(bot: LiveBot, { name, on }: Parked): void {
    const market = bot.markets[on.market];
    const price = market === undefined ? null : this.prices.priceOf(market);
    // Without a price nothing can be sized, and a closed market takes no order: the trigger is armed again and waits.
    if (price === null || this.#markets.isClosed(market?.symbol ?? ''))
      return void setTimeout(() => this.#rearm(bot), REQUESTS_MS).unref();
    const event: MachineEvent<unknown> = {
      kind: 'triggerFired',
      trigger: name,
      market: on.market,
      atMs: Date.now(),
      price,
    };
    bot.tell({ event });
  }

  #rearm(bot: LiveBot): void {
    if (!bot.isGone) this.park(bot, bot.parked);
  }

  async #tick(): Promise<void> {
    const nowMs = Date.now();
    this.prices.tellTime(nowMs);
    await this.#conditions.look(nowMs);
  }

  async #takeRequests(): Promise<void> {
    const requests = await openRequests(this.#options.pool, [...this.#leases.held.keys()]);
    const byBot = Map.groupBy(requests, ({ owner, bot }) => `${owner}/${bot}`);
    const tools = { prices: this.prices, funds: (bot: LiveBot) => this.#deskOf(bot).tellFunds(bot) };
    await Promise.all(
      [...byBot].map(async ([key, list]) => {
        for (const request of list) {
          const bot = this.#bots.get(key) ?? (await this.#load(request.owner, request.bot));
          if (bot !== undefined) await obey(bot, request, tools);
        }
      }),
    );
  }

  async #load(owner: string, id: string): Promise<LiveBot | undefined> {
    const loaded = await loadBot(this.#options.pool, owner, id);
    if (loaded !== null && !this.#bots.has(`${owner}/${id}`)) this.#adopt(loaded);
    return this.#bots.get(`${owner}/${id}`);
  }

  /** Fills of resting orders that the price has reached are asked for where the private stream does not tell them. */
  #readCrossed(): Promise<void> {
    for (const desk of this.#desks.values()) {
      const crossed = new Set<string>();
      for (const bot of desk.bots) {
        for (const order of bot.orders.values()) {
          const market = bot.markets[order.market];
          const price = market === undefined ? null : this.prices.priceOf(market);
          if (price === null || order.price === null || order.state === 'sent') continue;
          if (order.side === 'buy' ? price <= order.price : price >= order.price) crossed.add(order.symbol);
        }
      }
      desk.crossed(crossed, Date.now());
      desk.listen();
    }
    return Promise.resolve();
  }

  async #reconcile(): Promise<void> {
    for (const desk of this.#desks.values()) {
      try {
        await desk.reconcile();
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
  }

  /** Tells the owner, once, of a position that has had no exit for too long. */
  async #watchPositions(): Promise<void> {
    const nowMs = Date.now();
    const still = new Set<string>();
    for (const bot of this.#bots.values()) {
      for (const deal of this.#naked(bot, (market) => this.prices.priceOf(market))) {
        const name = `${bot.key}/${deal}`;
        still.add(name);
        const since = this.#nakedSinceMs.get(name) ?? nowMs;
        this.#nakedSinceMs.set(name, since);
        if (nowMs - since < UNPROTECTED_MS_MAX) continue;
        const isSellable = await this.#isSellable(bot, deal);
        this.#nakedSinceMs.set(name, isSellable ? Infinity : nowMs);
        if (isSellable) bot.tell({ event: null, unprotected: { deal, sinceMs: since } });
      }
    }
    for (const name of this.#nakedSinceMs.keys()) if (!still.has(name)) this.#nakedSinceMs.delete(name);
  }

  #naked(bot: LiveBot, priceOf: (market: Market) => Price | null): readonly string[] {
    const rulesOf = (market: Market): Market => this.#markets.today(market.symbol) ?? market;
    return nakedPositions(bot.plan, bot.state, bot.parked, bot.orders, priceOf, rulesOf);
  }

  /** Whether the venue would take it at market, at its own average price; where nobody can say, the owner is told. */
  async #isSellable(bot: LiveBot, deal: string): Promise<boolean> {
    const averages = new Map<string, string>();
    try {
      for (const { symbol } of bot.markets)
        averages.set(symbol, await this.#options.rest.averagePrice(symbol));
    } catch (error) {
      this.#options.log(`${bot.key}: ${String(error)}`);
    }
    const worthOf = (market: Market): Price | null => {
      const last = this.prices.priceOf(market);
      const average = averages.get(market.symbol);
      return last === null || average === undefined ? last : venueWorth(market, last, average);
    };
    return this.#naked(bot, worthOf).includes(deal);
  }

  #keepPeaks(): Promise<void> {
    for (const bot of this.#bots.values()) {
      if (this.prices.hasNewPeaks(bot)) bot.tell({ event: null, keepsPeaks: true });
    }
    return Promise.resolve();
  }

  /** Everything is read again: whatever was under way on the old line is looked up, not assumed. */
  async #attached(session: GateSession): Promise<void> {
    const desks = [...this.#desks.values()];
    for (const desk of desks) desk.reloading++;
    try {
      for (const bot of this.#bots.values()) this.#drop(bot);
      this.#checked.clear();
      this.#session = session;
      void session.closed.then(() => {
        this.#lineLostAtMs = performance.now();
        if (this.#session === session) this.#session = null;
      });
      for (const one of await loadShards(this.#options.pool, [...this.#leases.held.keys()])) this.#adopt(one);
    } finally {
      for (const desk of desks) desk.reloading--;
    }
    this.#options.log(JSON.stringify({ status: 'attached', worker: this.#options.worker }));
  }

  async #checkKey(bot: LiveBot): Promise<boolean> {
    const { connection } = bot;
    const known = this.#checked.get(connection);
    if (known !== undefined) return known;
    const checking = this.#askKeyCheck(bot);
    this.#checked.set(connection, checking);
    const isWell = await checking;
    if (!isWell) this.#checked.delete(connection);
    return isWell;
  }

  async #askKeyCheck({ owner, connection }: LiveBot): Promise<boolean> {
    const { rows } = await this.#options.pool.query<{ readonly api_key_id: string | null }>(
      'select api_key_id from connection where owner = $1 and id = $2',
      [owner, connection],
    );
    const apiKeyId = rows[0]?.api_key_id ?? null;
    if (apiKeyId === null || this.#session === null) return false;
    const check = { kind: 'keyCheck', connection: connectionId.parse(connection) } as const;
    // Without an id: the vault knows which key signs now, also in the moment in which one replaces another.
    const known = await this.#session.ask({ ...check, apiKeyId: null });
    if (known.kind !== 'refused' || known.code !== 'key-not-bound') return known.kind === 'permissions';
    return (await this.#session.ask({ ...check, apiKeyId })).kind === 'permissions';
  }

  #watch(symbol: string): void {
    if (!this.#markets.follow(symbol)) return;
    this.#stream.subscribe(symbol);
    this.#readPrice(symbol);
  }

  #readPrices(): void {
    for (const symbol of this.#markets.symbols) this.#readPrice(symbol);
  }

  #readPrice(symbol: string): void {
    this.#options.rest.price(symbol).then(
      (text) => this.prices.tell(symbol, parseUnits(text, PRICE_SCALE)),
      (error: unknown) => this.#options.log(`${symbol}: ${String(error)}`),
    );
  }
}
