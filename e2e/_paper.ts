/** The built-in exchange of a product that runs, whose addresses it tells nobody but its own programs. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:https';
import { post } from './_accounts.ts';
import { descendants } from './_start.ts';

/** Its two addresses: one for whoever runs it, one for traders. */
export interface Paper {
  readonly adminUrl: string;
  readonly restUrl: string;
}

/** Asks each port that the product's processes listen on; undefined where none of them is the exchange's. */
async function paperOf(pid: number): Promise<Paper | undefined> {
  let found: Partial<Paper> = {};
  for (const port of listeningPorts(descendants(pid))) {
    const adminUrl = `http://127.0.0.1:${port}`;
    const answer = await fetch(`${adminUrl}/feeds`).catch(() => null);
    // The product's own server answers unknown addresses with its page.
    if (answer?.ok === true && answer.headers.get('content-type')?.includes('json') === true)
      found = { ...found, adminUrl };
    const restUrl = `https://127.0.0.1:${port}`;
    if ((await rest('GET', `${restUrl}/api/v3/time`).catch(() => '')).includes('serverTime'))
      found = { ...found, restUrl };
  }
  const { adminUrl, restUrl } = found;
  return adminUrl === undefined || restUrl === undefined ? undefined : { adminUrl, restUrl };
}

export async function paperAdminOf(pid: number): Promise<string> {
  const found = await paperOf(pid);
  if (found === undefined) throw new Error(`no process under ${pid} is the exchange`);
  return found.adminUrl;
}

/** The exchange of the product whose page is at this origin: its server and the exchange are started by one desk. */
export async function paperAt(origin: string): Promise<Paper> {
  const port = Number(new URL(origin).port);
  let pid =
    readdirSync('/proc')
      .map(Number)
      .find((one) => one > 1 && listeningPorts([one]).includes(port)) ?? 0;
  for (; pid > 1; pid = parentOf(pid)) {
    const found = await paperOf(pid);
    if (found !== undefined) return found;
  }
  throw new Error(`no exchange runs beside ${origin}`);
}

function parentOf(pid: number): number {
  // The name in parentheses may hold spaces; the parent is the second field after it.
  const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return Number(parent);
}

/** The body of the exchange's answer. Its certificate is of its own authority, and what is sent is worth nothing. */
function rest(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => resolve(text));
    })
      .once('error', reject)
      .end();
  });
}

/**
 * What another app of the same person does: a sale on the demo's account, under a key that no vault has. Resolves to
 * the quantities of its trades, one for each price of the book that it has met.
 */
export async function placeForeignOrder(
  { adminUrl, restUrl }: Paper,
  quantity: string,
): Promise<readonly string[]> {
  const accounts = (await (await fetch(`${adminUrl}/accounts`)).json()) as readonly {
    readonly account: number;
    readonly name: string;
  }[];
  const demo = accounts.find(({ name }) => name === 'demo');
  assert.ok(demo !== undefined, 'the demo has an account');
  const { apiKey, secret } = await tradingKey(adminUrl, demo.account);
  const query = new URLSearchParams({
    symbol: 'BTCUSDT',
    side: 'SELL',
    type: 'MARKET',
    quantity,
    newOrderRespType: 'FULL',
    timestamp: String(Date.now()),
  });
  query.set('signature', createHmac('sha256', secret).update(String(query)).digest('hex'));
  const answer = await rest('POST', `${restUrl}/api/v3/order?${query.toString()}`, {
    'x-mbx-apikey': apiKey,
  });
  const { status, fills } = JSON.parse(answer) as {
    readonly status: string;
    readonly fills: readonly { readonly qty: string }[];
  };
  assert.equal(status, 'FILLED', answer);
  return fills.map(({ qty }) => qty.replace(/\.?0+$/u, ''));
}

/** Local TCP ports in state LISTEN (0A) whose socket one of these processes has. */
function listeningPorts(pids: readonly number[]): readonly number[] {
  const inodes = new Set(pids.flatMap(socketsOf));
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode ?? ''))
    .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    // It ended meanwhile.
    return [];
  }
}

interface PastedKey {
  readonly apiKey: string;
  readonly secret: string;
}

/** An HMAC key that can only trade, on a new account there. */
export async function keyAtTheExchange(adminUrl: string): Promise<PastedKey> {
  const { account } = (await post(adminUrl, '/accounts', {
    name: 'pasted',
    balances: { USDT: '1000' },
  })) as { readonly account: number };
  return tradingKey(adminUrl, account);
}

async function tradingKey(adminUrl: string, account: number): Promise<PastedKey> {
  const key = await post(adminUrl, '/keys', {
    account,
    kind: 'hmac',
    permissions: { reading: true, spotTrading: true, withdrawals: false },
    allowedIps: [],
  });
  return key as PastedKey;
}
