/**
 * Orders on their way to the vault and what came of them, as events for their machines. Each intent is sent once, and
 * once more only where the vault has said that it did nothing; what has no answer is unknown until the vault or the
 * venue was asked, and is never sent blindly.
 */
import { botId, connectionId, finalStates, type Market, rescaleUnits } from '@counterfoil/vocabulary';
import type { GateResult, IntentOf, OrderReportPacked, UseRecord } from '@counterfoil/vocabulary/protocol';
import { WireError } from '@counterfoil/wire';
import type { AppendedIntent } from '../ledger/append.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Settlement } from '../ledger/settlement.ts';
import type { GateSession } from '../worker/gate-link.ts';
import { outcomeOf } from '../worker/intents.ts';
import type { LiveBot } from './live-bot.ts';
import type { OpenIntent, UntoldRefusal } from './load.ts';
import { passesAtVault, passesAtVenue } from './passing.ts';
import type { TrackedOrder } from './tracked-order.ts';
import { Turns } from './turns.ts';

/** Pause between two questions about an order that nobody knows anything of. */
const UNKNOWN_RETRY_MS = 1_000;
/** The same for an order whose cancel nobody knows anything of: that order is known to stand. */
const FOLLOW_MS = 5_000;
/**
 * An intent that a dead worker journalled and never sent is still sent by its heir when it is younger than this; an
 * older one is refused, because the price that it was made for is gone.
 */
const LATE_MS_MAX = 10_000;
/** Pause before the same intent is asked again while it is young, where what refused it passes by itself. */
const PASSING_RETRY_MS = 1_000;
/** Questions to the vault at once: half of what makes it close the line, because streams and reads share it. */
const UNDER_WAY_MAX = 512;

export interface OrderDeskOptions {
  readonly ledger: Ledger;
  readonly epochOf: (shard: number) => number | undefined;
  readonly session: () => GateSession | null;
  /** An order has traded, so much in units of its market: its fills are to be there. */
  readonly onTraded: (bot: LiveBot, order: TrackedOrder, quantity: bigint) => void;
  /** The vault has not checked this connection's key since it started. */
  readonly checkKey: (bot: LiveBot) => Promise<boolean>;
  /** The vault knows of a higher epoch than this worker's. */
  readonly onStale: (bot: LiveBot) => void;
  readonly log: (line: string) => void;
}

export class OrderDesk {
  readonly #options: OrderDeskOptions;
  readonly #turns = new Turns(UNDER_WAY_MAX);
  #underWay = 0;
  /** Called when an answer of the vault to a new order is there; for measurements. */
  onAnswer: ((bot: LiveBot, order: TrackedOrder) => void) | null = null;

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  /** Whether nothing waits for the vault or the ledger. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Sends a journalled intent. Without a session nothing happens: the next attachment resolves what is open. */
  send(bot: LiveBot, intent: AppendedIntent, order: TrackedOrder): void {
    const { body, seq } = intent;
    this.#guarded(bot, async () => {
      if (body.method === 'create') await this.#place(bot, order);
      else await this.#cancel(bot, order, seq);
    });
  }

  /** Asks the venue how an order stands. */
  ask(bot: LiveBot, order: TrackedOrder): void {
    if (order.isAsked) return;
    order.isAsked = true;
    this.#guarded(bot, async () => {
      try {
        const result = await this.#asked(bot, {
          kind: 'orderGet',
          connection: this.#connection(bot),
          of: idOf(bot, order.seq),
        });
        if (result?.kind === 'use') this.#learn(bot, order, result.use);
      } finally {
        order.isAsked = false;
      }
    });
  }

  /** Settles what an earlier attachment or worker left open. The fence rises with the first question. */
  resolve(bot: LiveBot, open: readonly OpenIntent[]): void {
    for (const intent of open) {
      const order = bot.orders.get(intent.order);
      this.#guarded(bot, () => this.#resolveOne(bot, intent, order));
    }
  }

  /** Tells a bot once more what an earlier worker had written down and died before its machine knew. */
  tellRefusals(bot: LiveBot, untold: readonly UntoldRefusal[]): void {
    for (const { order: name, sentence, passes } of untold) {
      const order = bot.orders.get(name);
      if (order !== undefined) this.#refuse(bot, order, sentence, passes);
    }
  }

  async #resolveOne(bot: LiveBot, intent: OpenIntent, order: TrackedOrder | undefined): Promise<void> {
    const isWanted =
      order !== undefined && (intent.method === 'cancel' ? order.cancelSeq : order.seq) === intent.seq;
    const epoch = this.#epoch(bot);
    const found = await this.#asked(bot, {
      kind: 'useGet',
      connection: this.#connection(bot),
      of: idOf(bot, intent.seq),
      epoch,
    });
    if (found === null) return;
    if (found.kind === 'use') {
      await this.#settle(bot, intent.seq, found.use);
      if (isWanted && intent.method === 'create') this.#learn(bot, order, found.use);
      if (isWanted && intent.method === 'cancel') this.#learnCancel(bot, order, found.use);
      if (found.use.state !== 'unknown') return;
      if (intent.method === 'cancel') this.#followCancel(bot, order, intent.seq);
      else this.#follow(bot, isWanted ? order : undefined, intent.seq);
      return;
    }
    if (found.kind !== 'refused') return;
    if (found.code === 'stale-fence') return this.#options.onStale(bot);
    if (found.code !== 'unknown-intent') return this.#resolveLater(bot, intent, order);
    const isYoung = Date.now() - intent.journalledAtMs < LATE_MS_MAX;
    // No key was used for it, and the fence is above every earlier worker: sending it now is sending it once.
    if (isWanted && (isYoung || intent.method === 'cancel')) {
      if (intent.method === 'create') await this.#place(bot, order);
      else await this.#cancel(bot, order, intent.seq);
      return;
    }
    await this.#close(bot, intent.seq, 'notPlaced', found.code, found.sentence);
    if (isWanted)
      this.#refuse(
        bot,
        order,
        'the order was not sent before its worker ended, and its moment is over',
        true,
      );
  }

  /** The vault was too busy to say what it knows of it. */
  #resolveLater(bot: LiveBot, intent: OpenIntent, order: TrackedOrder | undefined): void {
    setTimeout(() => {
      if (!bot.isGone) this.#guarded(bot, () => this.#resolveOne(bot, intent, order));
    }, UNKNOWN_RETRY_MS).unref();
  }

  async #place(bot: LiveBot, order: TrackedOrder): Promise<void> {
    const result = await this.#asked(bot, {
      kind: 'orderCreate',
      connection: this.#connection(bot),
      id: idOf(bot, order.seq),
      epoch: this.#epoch(bot),
      ...order.body,
      stopPrice: null,
      trailBps: null,
    });
    if (result === null) return;
    this.onAnswer?.(bot, order);
    if (result.kind === 'use') {
      this.#learn(bot, order, result.use);
      await this.#settle(bot, order.seq, result.use);
      if (result.use.state === 'unknown') this.#follow(bot, order, order.seq);
    } else if (result.kind === 'refused') {
      if (result.code === 'stale-fence') return this.#options.onStale(bot);
      const isYoung = Date.now() - order.journalledAtMs < LATE_MS_MAX;
      const passes = passesAtVault(result.code);
      if (passes && isYoung && isWaitedFor(bot, order)) return this.#placeAgain(bot, order, result);
      this.#refuse(bot, order, result.sentence, passes);
      await this.#close(bot, order.seq, 'refused', result.code, result.sentence);
    }
  }

  #placeAgain(bot: LiveBot, order: TrackedOrder, { code, sentence }: Refused): void {
    setTimeout(() => {
      if (bot.isGone) return;
      this.#guarded(bot, async () => {
        if (isWaitedFor(bot, order)) return this.#place(bot, order);
        // Its machine has asked for its end meanwhile, and it never began.
        this.#refuse(bot, order, sentence, true);
        await this.#close(bot, order.seq, 'refused', code, sentence);
      });
    }, PASSING_RETRY_MS).unref();
  }

  async #cancel(bot: LiveBot, order: TrackedOrder, seq: number): Promise<void> {
    const result = await this.#asked(bot, {
      kind: 'orderCancel',
      connection: this.#connection(bot),
      id: idOf(bot, seq),
      epoch: this.#epoch(bot),
      of: idOf(bot, order.seq),
    });
    if (result === null) return;
    if (result.kind === 'use') {
      this.#learnCancel(bot, order, result.use);
      await this.#settle(bot, seq, result.use);
      if (result.use.state === 'unknown') this.#followCancel(bot, order, seq);
    } else if (result.kind === 'refused') {
      if (result.code === 'stale-fence') return this.#options.onStale(bot);
      this.ask(bot, order);
      await this.#close(bot, seq, 'refused', result.code, result.sentence);
    }
  }

  /**
   * Asks about an order of which nobody knows until somebody does, and writes it down: also where the stream has told
   * its bot by then, or its bot waits for it no more.
   */
  #follow(bot: LiveBot, order: TrackedOrder | undefined, seq: number): void {
    setTimeout(() => {
      if (bot.isGone) return;
      this.#guarded(bot, async () => {
        const connection = this.#connection(bot);
        const result = await this.#asked(bot, { kind: 'orderGet', connection, of: idOf(bot, seq) });
        if (result?.kind !== 'use' || result.use.state === 'unknown') return this.#follow(bot, order, seq);
        if (order !== undefined) this.#learn(bot, order, result.use);
        await this.#settle(bot, seq, result.use);
      });
    }, UNKNOWN_RETRY_MS).unref();
  }

  /** A cancel of which nobody knows is over when its order is, however that ended. */
  #followCancel(bot: LiveBot, order: TrackedOrder | undefined, seq: number): void {
    if (bot.isGone) return;
    if (order === undefined || bot.orders.get(order.name) !== order) {
      const sentence = 'The order has ended; whether by this cancel is not known, and makes no difference.';
      return this.#guarded(bot, () => this.#close(bot, seq, 'notPlaced', 'order-ended', sentence));
    }
    this.ask(bot, order);
    setTimeout(() => this.#followCancel(bot, order, seq), FOLLOW_MS).unref();
  }

  /** A cancel that did not work says nothing about the order: that is asked about. */
  #learnCancel(bot: LiveBot, order: TrackedOrder, use: UseRecord): void {
    if (use.state === 'accepted' && use.report !== null) this.learnReport(bot, order, use.report);
    else this.ask(bot, order);
  }

  #learn(bot: LiveBot, order: TrackedOrder, use: UseRecord): void {
    order.clientOrderId = use.clientOrderId;
    switch (use.state) {
      case 'rejected':
        return this.#refuse(
          bot,
          order,
          use.venueSentence ?? 'the venue refused it',
          passesAtVenue(use.venueCode, use.venueSentence),
        );
      case 'notPlaced':
        return this.#refuse(bot, order, 'it did not reach the venue in time, and cannot any more', true);
      case 'unknown':
        if (order.state !== 'unknown') this.#report(bot, order, 'unknown', 0n, 0n);
        order.state = 'unknown';
        return;
      case 'accepted':
        if (use.report === null) {
          // At the venue, and no more is known: from now on it is among those that are compared with what rests there.
          order.state = 'accepted';
          return this.#later(bot, order);
        }
        return this.learnReport(bot, order, use.report);
      default:
        use.state satisfies never;
    }
  }

  /** The venue's word on an order, in an answer or by the stream; frames may be old, an end is an end. */
  learnReport(bot: LiveBot, order: TrackedOrder, report: OrderReportPacked): void {
    const market = bot.markets[order.market];
    if (market === undefined || bot.orders.get(order.name) !== order) return;
    const wasUnknown = order.state === 'unknown';
    order.state = 'accepted';
    order.venueOrderId = report.venueOrderId ?? order.venueOrderId;
    if (report.state === 'rejected') return this.#refuse(bot, order, 'the venue rejected it', false);
    const quantity = unitsAt(report.filledQuantity, market.quantityScale);
    const amount = unitsAt(report.filledAmount, market.quoteScale);
    if (quantity > 0n) this.#options.onTraded(bot, order, quantity);
    // A filled order ends by its fills; a report of it would only wait for them.
    if (report.state === 'filled') return;
    if (finalStates.has(report.state) || wasUnknown) this.#report(bot, order, report.state, quantity, amount);
  }

  #report(
    bot: LiveBot,
    order: TrackedOrder,
    state: OrderReportPacked['state'] | 'unknown',
    quantity: bigint,
    amount: bigint,
  ): void {
    const report = {
      order: order.name,
      state,
      // Units of the market of the order, as `unitsAt` made them.
      filledQuantity: quantity as Market['lot'],
      filledAmount: amount as Market['notionalMin'],
      atMs: Date.now(),
    };
    bot.tell({ event: { kind: 'orderReported', report } });
  }

  #refuse(bot: LiveBot, order: TrackedOrder, reason: string, passes: boolean): void {
    if (bot.orders.get(order.name) !== order) return;
    bot.tell({ event: { kind: 'orderRefused', order: order.name, reason, passes, atMs: Date.now() } });
  }

  #later(bot: LiveBot, order: TrackedOrder): void {
    setTimeout(() => {
      if (bot.orders.get(order.name) === order) this.ask(bot, order);
    }, UNKNOWN_RETRY_MS).unref();
  }

  /** The vault's answer; null where there is no session, or the line broke before it. */
  async #asked(bot: LiveBot, intent: Parameters<GateSession['ask']>[0]): Promise<GateResult | null> {
    await this.#turns.take();
    const session = this.#options.session();
    try {
      if (session === null || bot.isGone) return null;
      const result = await session.ask(intent);
      if (result.kind !== 'refused' || result.code !== 'key-not-bound') return result;
      return (await this.#options.checkKey(bot)) ? await session.ask(intent) : result;
    } catch (error) {
      if (error instanceof WireError) return null;
      throw error;
    } finally {
      this.#turns.give();
    }
  }

  #settle(bot: LiveBot, seq: number, use: UseRecord): Promise<void> {
    const { state, clientOrderId, receipt } = use;
    return this.#write(bot, seq, { state, clientOrderId, receipt, outcome: outcomeOf(use) });
  }

  #close(
    bot: LiveBot,
    seq: number,
    state: 'refused' | 'notPlaced',
    code: string,
    sentence: string,
  ): Promise<void> {
    return this.#write(bot, seq, { state, clientOrderId: null, receipt: null, outcome: { code, sentence } });
  }

  #write(
    bot: LiveBot,
    seq: number,
    what: Pick<Settlement, 'state' | 'clientOrderId' | 'receipt' | 'outcome'>,
  ): Promise<void> {
    const { owner, id, shard } = bot;
    return this.#options.ledger.settle({ owner, bot: id, seq, shard, epoch: this.#epoch(bot), ...what });
  }

  #epoch(bot: LiveBot): number {
    return this.#options.epochOf(bot.shard) ?? 0;
  }

  #connection(bot: LiveBot): IntentOf<'orderGet'>['connection'] {
    return connectionId.parse(bot.connection);
  }

  #guarded(bot: LiveBot, act: () => Promise<void>): void {
    this.#underWay++;
    act()
      .catch((error: unknown) => this.#options.log(`${bot.key}: ${String(error)}`))
      .finally(() => this.#underWay--);
  }
}

type Refused = Extract<GateResult, { readonly kind: 'refused' }>;

function isWaitedFor(bot: LiveBot, order: TrackedOrder): boolean {
  return order.cancelSeq === null && bot.orders.get(order.name) === order;
}

function idOf(bot: LiveBot, seq: number): IntentOf<'orderGet'>['of'] {
  return { bot: botId.parse(bot.id), seq };
}

function unitsAt(decimal: { readonly units: bigint; readonly scale: number } | null, scale: number): bigint {
  return decimal === null ? 0n : rescaleUnits(decimal.units, decimal.scale, scale, 'floor');
}
