/** Bots, deals, SmartTrades, orders, fills, receipts, money. */
import { z } from 'zod';
import {
  gridStopAction,
  smartExit,
  smartTradeOptions,
  stopLoss,
  takeProfit,
  botPlan,
} from '../schemas/bot-options.ts';
import {
  bot,
  botDraft,
  botState,
  deal,
  dealState,
  preview,
  smartTrade,
  validation,
  why,
} from '../schemas/bot.ts';
import {
  balance,
  fill,
  logPolicy,
  manualOrder,
  order,
  portfolio,
  receipt,
  viewKey,
  worthPoint,
} from '../schemas/order.ts';
import { decimal, id, label, pageOf, pageQuery } from '../schemas/values.ts';
import { routesOf } from './define.ts';

const bots = routesOf('bots');
const botId = z.strictObject({ bot: id });
const draft = { access: 'viewer', body: botDraft.omit({ name: true }).meta({ id: 'BotCheck' }) } as const;
const move = { access: 'trader', params: botId, answer: bot, idempotent: true } as const;

export const botRoutes = {
  listBots: bots('GET', '/bots', {
    summary: 'Bots, newest first',
    access: 'viewer',
    query: pageQuery.extend({ state: botState.optional() }),
    answer: pageOf('Bots', bot),
  }),
  getBot: bots('GET', '/bots/:bot', {
    summary: 'One bot',
    access: 'viewer',
    params: botId,
    answer: bot,
    problems: ['not-found'],
  }),
  createBot: bots('POST', '/bots', {
    summary: 'Make a bot; it waits to be started',
    access: 'trader',
    body: botDraft,
    answer: bot,
    status: 201,
    idempotent: true,
    problems: ['not-found', 'impossible'],
  }),
  validateBot: bots('POST', '/bots/validate', {
    ...draft,
    summary: 'Everything that is impossible about options',
    answer: validation,
    problems: ['not-found', 'impossible'],
  }),
  previewBot: bots('POST', '/bots/preview', {
    ...draft,
    summary: 'What options would do at the prices of the moment',
    answer: preview,
    problems: ['not-found', 'impossible'],
  }),
  editBot: bots('PUT', '/bots/:bot', {
    ...move,
    summary: 'Change name and options; deals that run keep theirs',
    body: z.strictObject({ name: label, plan: botPlan, version: z.int() }).meta({ id: 'BotEdit' }),
    problems: ['not-found', 'impossible', 'conflict'],
  }),
  startBot: bots('POST', '/bots/:bot/start', {
    ...move,
    summary: 'Start, or go on after a pause',
    problems: ['not-found', 'impossible', 'conflict', 'frozen'],
  }),
  pauseBot: bots('POST', '/bots/:bot/pause', {
    ...move,
    summary: 'Start no new deals; open ones are managed',
    problems: ['not-found', 'conflict'],
  }),
  stopBot: bots('POST', '/bots/:bot/stop', {
    ...move,
    summary: 'End the bot: keep its positions without management, or close them at market',
    body: z
      .strictObject({ positions: z.enum(['keep', 'close']), gridAction: gridStopAction.nullable() })
      .meta({ id: 'BotStop' }),
    problems: ['not-found', 'conflict'],
  }),
  cloneBot: bots('POST', '/bots/:bot/clone', {
    ...move,
    summary: 'A draft with the same options',
    body: z.strictObject({ name: label }),
    status: 201,
    problems: ['not-found'],
  }),
  removeBot: bots('DELETE', '/bots/:bot', {
    summary: 'Take a stopped bot or a draft off the list; its history stays',
    access: 'trader',
    params: botId,
    problems: ['not-found', 'conflict'],
  }),
  whyBot: bots('GET', '/bots/:bot/why', {
    summary: 'Why it does not trade now',
    access: 'viewer',
    params: botId,
    answer: why,
    problems: ['not-found'],
  }),
  startDeal: bots('POST', '/bots/:bot/deals', {
    summary: 'Start a deal by hand',
    access: 'trader',
    params: botId,
    body: z.strictObject({ symbol: z.string().max(24) }),
    answer: bot,
    status: 202,
    idempotent: true,
    problems: ['not-found', 'conflict', 'frozen'],
  }),
} as const;

const deals = routesOf('deals');
const dealId = z.strictObject({ deal: id });
const dealMove = {
  access: 'trader',
  params: dealId,
  answer: deal,
  status: 202,
  idempotent: true,
  problems: ['not-found', 'conflict', 'impossible'],
} as const;
const funds = z
  .strictObject({ quantity: decimal, price: decimal.nullable() })
  .meta({ id: 'AddFunds', description: 'At market where the price is null.' });
const lessFunds = z.strictObject({ quantity: decimal }).meta({ id: 'ReduceFunds' });

export const dealRoutes = {
  listDeals: deals('GET', '/deals', {
    summary: 'Deals, newest first',
    access: 'viewer',
    query: pageQuery.extend({ bot: id.optional(), state: dealState.optional() }),
    answer: pageOf('Deals', deal),
  }),
  getDeal: deals('GET', '/deals/:deal', {
    summary: 'One deal',
    access: 'viewer',
    params: dealId,
    answer: deal,
    problems: ['not-found'],
  }),
  closeDeal: deals('POST', '/deals/:deal/close', { ...dealMove, summary: 'Close at market' }),
  cancelDeal: deals('POST', '/deals/:deal/cancel', {
    ...dealMove,
    summary: 'Cancel the deal’s orders and keep the coins',
  }),
  addFunds: deals('POST', '/deals/:deal/add-funds', {
    ...dealMove,
    summary: 'An averaging order by hand',
    body: funds,
  }),
  reduceFunds: deals('POST', '/deals/:deal/reduce-funds', {
    ...dealMove,
    summary: 'Close a part at market',
    body: lessFunds,
  }),
  changeDeal: deals('PUT', '/deals/:deal/exits', {
    ...dealMove,
    summary: 'Other targets or another stop for this deal',
    body: z.strictObject({ takeProfit, stopLoss: stopLoss.nullable() }).meta({ id: 'DealExits' }),
  }),
  startTrailing: deals('POST', '/deals/:deal/start-trailing', { ...dealMove, summary: 'Trail from now on' }),
  convertDeal: deals('POST', '/deals/:deal/convert', {
    ...dealMove,
    summary: 'End the deal here and go on with its position as a SmartTrade',
    answer: smartTrade,
  }),
} as const;

const smart = routesOf('smart trades');
const smartId = z.strictObject({ smartTrade: id });
const smartMove = { ...dealMove, params: smartId, answer: smartTrade } as const;
const smartDraft = z
  .strictObject({ name: label, connection: id, options: smartTradeOptions })
  .meta({ id: 'SmartTradeDraft' });
const smartCheck = {
  access: 'viewer',
  body: smartDraft.omit({ name: true }).meta({ id: 'SmartTradeCheck' }),
  problems: ['not-found', 'impossible'],
} as const;

export const smartTradeRoutes = {
  listSmartTrades: smart('GET', '/smart-trades', {
    summary: 'SmartTrades, newest first',
    access: 'viewer',
    query: pageQuery,
    answer: pageOf('SmartTrades', smartTrade),
  }),
  getSmartTrade: smart('GET', '/smart-trades/:smartTrade', {
    summary: 'One SmartTrade',
    access: 'viewer',
    params: smartId,
    answer: smartTrade,
    problems: ['not-found'],
  }),
  validateSmartTrade: smart('POST', '/smart-trades/validate', {
    ...smartCheck,
    summary: 'Everything that is impossible about options',
    answer: validation,
  }),
  previewSmartTrade: smart('POST', '/smart-trades/preview', {
    ...smartCheck,
    summary: 'What options would do at the prices of the moment',
    answer: preview,
  }),
  createSmartTrade: smart('POST', '/smart-trades', {
    summary: 'Make and start a SmartTrade',
    access: 'trader',
    body: smartDraft,
    answer: smartTrade,
    status: 201,
    idempotent: true,
    problems: ['not-found', 'impossible', 'frozen'],
  }),
  forceStart: smart('POST', '/smart-trades/:smartTrade/force-start', {
    ...smartMove,
    summary: 'Enter at market without waiting any longer',
  }),
  closeSmartTrade: smart('POST', '/smart-trades/:smartTrade/close', {
    ...smartMove,
    summary: 'Close at market',
  }),
  cancelSmartTrade: smart('POST', '/smart-trades/:smartTrade/cancel', {
    ...smartMove,
    summary: 'Cancel its orders and keep the coins',
  }),
  addSmartFunds: smart('POST', '/smart-trades/:smartTrade/add-funds', {
    ...smartMove,
    summary: 'Add to the position',
    body: funds,
  }),
  reduceSmartFunds: smart('POST', '/smart-trades/:smartTrade/reduce-funds', {
    ...smartMove,
    summary: 'Close a part at market',
    body: lessFunds,
  }),
  changeSmartExit: smart('PUT', '/smart-trades/:smartTrade/exit', {
    ...smartMove,
    summary: 'Move targets and stop',
    body: smartExit,
  }),
} as const;

const orders = routesOf('orders');
const orderId = z.strictObject({ order: z.string().regex(/^[a-z0-9_-]{1,40}\.[1-9][0-9]{0,14}$/) });
const filter = pageQuery.extend({ bot: id.optional(), deal: id.optional() });

export const orderRoutes = {
  listOrders: orders('GET', '/orders', {
    summary: 'Orders, newest first',
    access: 'viewer',
    query: filter.extend({ open: z.enum(['true', 'false']).optional() }),
    answer: pageOf('Orders', order),
  }),
  placeOrder: orders('POST', '/orders', {
    summary: 'Place one order by hand, on paper',
    access: 'trader',
    body: manualOrder,
    answer: order,
    status: 201,
    idempotent: true,
    problems: ['not-found', 'impossible', 'refused', 'frozen', 'vault-away'],
  }),
  getOrder: orders('GET', '/orders/:order', {
    summary: 'One order',
    access: 'viewer',
    params: orderId,
    answer: order,
    problems: ['not-found'],
  }),
  getReceipt: orders('GET', '/orders/:order/receipt', {
    summary: 'The receipt of an order: a file that anyone can check alone',
    access: 'viewer',
    params: orderId,
    answer: receipt,
    problems: ['not-found'],
  }),
  listReceipts: orders('GET', '/receipts', {
    summary: 'Receipts, newest first',
    access: 'viewer',
    query: filter,
    answer: pageOf('Receipts', receipt),
  }),
  listFills: orders('GET', '/fills', {
    summary: 'Fills, newest first',
    access: 'viewer',
    query: filter,
    answer: pageOf('Fills', fill),
  }),
  getViewKey: orders('GET', '/connections/:connection/view-key', {
    summary: 'What opens the leaves of a connection: sealed to its owner, in the clear for the demo alone',
    access: 'viewer',
    params: z.strictObject({ connection: id }),
    answer: viewKey,
    problems: ['not-found'],
  }),
  getLogPolicy: orders('GET', '/log/policy', {
    summary: 'The log’s key and witnesses, as verifiers take them',
    access: 'viewer',
    answer: logPolicy,
    problems: ['not-found'],
  }),
} as const;

const money = routesOf('money');

export const moneyRoutes = {
  listBalances: money('GET', '/balances', {
    summary: 'Balances at the venues',
    access: 'viewer',
    query: z.strictObject({ connection: id.optional() }),
    answer: pageOf('Balances', balance),
  }),
  getPortfolio: money('GET', '/portfolio', {
    summary: 'Worth, today’s change, open risk',
    access: 'viewer',
    answer: portfolio,
  }),
  getWorthHistory: money('GET', '/portfolio/history', {
    summary: 'Worth over time, oldest first, a point every few minutes',
    access: 'viewer',
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(3_650).default(30) }),
    answer: pageOf('WorthHistory', worthPoint),
  }),
} as const;
