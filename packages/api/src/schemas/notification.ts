/** Notification channels and their deliveries. */
import { z } from 'zod';
import { saying } from './saying.ts';
import { id, instant, label } from './values.ts';

export const level = z.enum(['info', 'check', 'act']).meta({ id: 'Level' });

export const channel = z
  .strictObject({
    id,
    kind: z.literal('webhook'),
    label,
    url: z.string(),
    /** Least level that is sent. Security events are sent whatever it says. */
    level,
    /** A channel counts once its test was answered with 2xx. */
    tested: z.boolean(),
    /** The public key that signs its deliveries: Ed25519, SPKI. */
    publicKeyPem: z.string(),
    keyId: z.string(),
    madeAt: instant,
    trouble: z.string().nullable(),
  })
  .meta({ id: 'Channel' });

export const channelRequest = z
  .strictObject({
    kind: z.literal('webhook'),
    label,
    url: z
      .string()
      .max(2_000)
      .regex(/^https?:\/\/[!-~]+$/),
    level,
  })
  .meta({ id: 'ChannelRequest' });

export const delivery = z
  .strictObject({
    id: z.string(),
    channel: id,
    subject: z.string(),
    level,
    state: z.enum(['waiting', 'delivered', 'failing', 'given-up']),
    attempts: z.int(),
    lastStatus: z.int().nullable(),
    trouble: z.string().nullable(),
    madeAt: instant,
    deliveredAt: instant.nullable(),
  })
  .meta({ id: 'Delivery' });

export const notice = z
  .strictObject({
    id: z.string(),
    at: instant,
    level,
    security: z.boolean(),
    subject: z.string(),
    /** Null where the subject is a name, and in notices of before. */
    subjectSaid: saying.nullable().default(null),
    body: z.string(),
    bodySaid: saying.nullable().default(null),
    /** Whose decision it tells; null where it is no bot's, and in notices of before. */
    bot: id.nullable().default(null),
    readAt: instant.nullable(),
  })
  .meta({ id: 'Notice' });

export type Channel = z.infer<typeof channel>;
export type ChannelRequest = z.infer<typeof channelRequest>;
export type Delivery = z.infer<typeof delivery>;
export type Notice = z.infer<typeof notice>;
export type Level = z.infer<typeof level>;
