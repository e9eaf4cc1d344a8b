/**
 * What the event stream says. Each event has a number that grows within its workspace; a client that comes back with
 * `Last-Event-ID` gets everything after it, once.
 */
import { z } from 'zod';
import { bot, deal, decision, smartTrade } from './bot.ts';
import { connection } from './connection.ts';
import { job } from './job.ts';
import { notice } from './notification.ts';
import { balance, fill, order } from './order.ts';
import { foreignTrade, freeze } from './security.ts';
import { decimal, id, instant, symbol } from './values.ts';

export const streamEvent = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('bot'), bot }),
    z.strictObject({ type: z.literal('deal'), deal }),
    z.strictObject({ type: z.literal('smartTrade'), smartTrade }),
    z.strictObject({ type: z.literal('order'), order }).meta({
      description:
        'An order by hand, at every change of its state. Orders of bots show in the events of their bot, fills and decisions.',
    }),
    z.strictObject({ type: z.literal('fill'), fill }),
    z.strictObject({ type: z.literal('decision'), bot: id, decision }),
    z.strictObject({ type: z.literal('balances'), balances: z.array(balance) }),
    z.strictObject({ type: z.literal('connection'), connection }),
    z.strictObject({ type: z.literal('freezes'), freezes: z.array(freeze) }),
    /** At the venue, and no order of ours explains it. */
    z.strictObject({ type: z.literal('foreignTrade'), trade: foreignTrade }),
    z.strictObject({ type: z.literal('job'), job }),
    z.strictObject({ type: z.literal('notice'), notice }),
    /** Not numbered and not repeated: the newest price counts. */
    z.strictObject({ type: z.literal('price'), symbol, price: decimal, at: instant }),
    /** Whether the parts behind the server answer; not numbered. */
    z.strictObject({ type: z.literal('health'), vault: z.boolean(), market: z.boolean() }),
    /** Older than what is kept: load everything again, then go on from here. */
    z.strictObject({ type: z.literal('reload') }),
  ])
  .meta({ id: 'StreamEvent' });

export type StreamEvent = z.infer<typeof streamEvent>;
