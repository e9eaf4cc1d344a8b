/** Notices, channels and their deliveries. */
import { z } from 'zod';
import { channel, channelRequest, delivery, notice } from '../schemas/notification.ts';
import { id, pageOf, pageQuery } from '../schemas/values.ts';
import { routesOf } from './define.ts';

const row = routesOf('notifications');
const channelId = z.strictObject({ channel: id });

export const notificationRoutes = {
  listNotices: row('GET', '/notices', {
    summary: 'What people should know, newest first',
    access: 'viewer',
    query: pageQuery,
    answer: pageOf('Notices', notice),
  }),
  readNotices: row('POST', '/notices/read', {
    summary: 'Mark everything up to a notice as read',
    access: 'viewer',
    body: z.strictObject({ until: z.string().regex(/^[0-9]{1,16}$/) }),
  }),
  listChannels: row('GET', '/notifications/channels', {
    summary: 'Where notices are sent',
    access: 'viewer',
    answer: pageOf('Channels', channel),
  }),
  createChannel: row('POST', '/notifications/channels', {
    summary: 'Add a webhook; it counts once its test was answered',
    access: 'owner',
    body: channelRequest,
    answer: channel,
    status: 201,
    idempotent: true,
    problems: ['impossible'],
  }),
  testChannel: row('POST', '/notifications/channels/:channel/test', {
    summary: 'Send a test now',
    access: 'owner',
    params: channelId,
    answer: delivery,
    problems: ['not-found'],
  }),
  removeChannel: row('DELETE', '/notifications/channels/:channel', {
    summary: 'Send nothing there any more',
    access: 'owner',
    params: channelId,
    problems: ['not-found'],
  }),
  listDeliveries: row('GET', '/notifications/deliveries', {
    summary: 'What was sent, newest first',
    access: 'viewer',
    query: pageQuery.extend({ channel: id.optional() }),
    answer: pageOf('Deliveries', delivery),
  }),
} as const;
