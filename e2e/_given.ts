/** Things that a screen shows only when something has happened, for tests of what can be done with them. */
import type {
  AnswerOf,
  Channel,
  Connection,
  Device,
  ForeignTrade,
  Freeze,
  Job,
  Notice,
  RouteName,
  SmartTrade,
  Token,
  VaultPasskey,
} from '@counterfoil/api';

/** What answers hold while something is tried, made of what the server says. */
export type Given = { readonly [Name in RouteName]?: (was: AnswerOf<Name>) => AnswerOf<Name> };
/** Answers of writes that never reach the server. */
export type Instead = { readonly [Name in RouteName]?: AnswerOf<Name> };

export const withItem =
  <Item>(item: Item) =>
  <Answer extends { readonly items: Item[] }>(was: Answer): Answer => ({
    ...was,
    items: [item, ...was.items],
  });

export const none = <Answer extends { readonly items: unknown[] }>(was: Answer): Answer => ({
  ...was,
  items: [],
});

export const anonymous = (was: AnswerOf<'getSession'>): AnswerOf<'getSession'> => ({
  ...was,
  kind: 'anonymous',
  account: null,
  workspace: null,
  role: null,
});
export const demo = (was: AnswerOf<'getSession'>): AnswerOf<'getSession'> => ({
  ...was,
  kind: 'demo',
  account: null,
  claimed: false,
});

const at = '2026-11-20T10:31:04.000Z';

export const job: Job = {
  id: 'job-given',
  kind: 'sweep',
  title: 'A sweep of two settings',
  titleSaid: null,
  state: 'running',
  step: 'Run 12 of 40',
  percent: 30,
  secondsLeft: 20,
  error: null,
  hasResult: false,
  madeAt: at,
  endedAt: null,
};

export const unreadNotice: Notice = {
  id: 'notice-given',
  at,
  level: 'act',
  security: true,
  subject: 'A trade we didn’t place',
  subjectSaid: null,
  bodySaid: null,
  bot: null,
  body: 'SELL 0.8 ETHUSDT has no receipt. Say on the Security page whether it was you.',
  readAt: null,
};

export const openTrade: SmartTrade = {
  id: 'trade-given',
  name: 'BTCUSDT by hand',
  environment: 'paper',
  connection: 'demo',
  state: 'open',
  options: { market: 'BTCUSDT', direction: 'long', quantity: '0.01', entry: { kind: 'market' }, exit: null },
  quantity: '0.01',
  average: '61240',
  targetsTaken: 0,
  stopPrice: null,
  profit: null,
  lastDecision: null,
  madeAt: at,
  endedAt: null,
};

export const freeze: Freeze = {
  scope: 'user',
  connection: null,
  depth: 'everything',
  reason: 'asked',
  at,
};

export const foreignTrade: ForeignTrade = {
  id: 'foreign-given',
  connection: 'demo',
  symbol: 'ETHUSDT',
  side: 'sell',
  price: '3120.5',
  quantity: '0.8',
  at,
  state: 'open',
};

export const anotherDevice: Device = {
  id: 'device-given',
  agent: 'Firefox on Linux',
  address: '192.0.2.7',
  madeAt: at,
  lastSeenAt: at,
  current: false,
};

export const unregisteredKey: Connection = {
  id: 'key-given',
  venue: 'binance',
  environment: 'live',
  label: 'made, not registered',
  born: 'vault-born',
  keyType: 'ed25519',
  state: 'unregistered',
  trouble: null,
  publicKeyPem: '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n',
  apiKeyId: null,
  permissions: null,
  grade: null,
  madeAt: at,
  checkedAt: null,
  lastUsedAt: null,
  removedAt: null,
  successor: null,
};

/** The exchange has not been told of the key that shall replace it. */
export const replacedKey: Connection = {
  ...unregisteredKey,
  label: 'to be replaced',
  state: 'ready',
  apiKeyId: '0123456789'.repeat(6),
  permissions: { trade: true, withdraw: false, ipAllowList: false },
  grade: 'B',
  checkedAt: at,
  successor: { keyType: 'ed25519', publicKeyPem: unregisteredKey.publicKeyPem ?? '' },
};

export const channel: Channel = {
  id: 'channel-given',
  kind: 'webhook',
  label: 'hook',
  url: 'https://example.org/hook',
  level: 'check',
  tested: false,
  publicKeyPem: '',
  keyId: 'given',
  madeAt: at,
  trouble: null,
};

export const token: Token = {
  id: 'token-given',
  label: 'a program',
  role: 'viewer',
  publicKeyPem: '',
  addresses: [],
  madeAt: at,
  expiresAt: null,
  lastUsedAt: null,
};

/** What a browser needs to make a passkey. */
export const registrationOptions: AnswerOf<'beginRegistration'> = {
  ceremony: 'given',
  options: {
    rp: { id: 'localhost', name: 'Counterfoil' },
    user: { id: 'AAAA', name: 'Ada', displayName: 'Ada' },
    challenge: 'A'.repeat(43),
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  },
};

/** Every list with something in it, and something that asks for attention. */
export const everything: Given = {
  getSecurity: (was) => ({ ...was, freezes: [freeze] }),
  listNotices: withItem(unreadNotice),
  listJobs: withItem(job),
  listSmartTrades: withItem(openTrade),
  listForeignTrades: withItem(foreignTrade),
  listDevices: withItem(anotherDevice),
  listChannels: withItem(channel),
  listTokens: withItem(token),
};

export const furtherPasskey: VaultPasskey = {
  credentialId: 'a2V5LXJpbmc',
  label: 'key ring',
  approvesFrom: '2026-11-20T10:31:04.000Z',
};
