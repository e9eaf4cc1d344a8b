/** The built-in exchange's admin address of a product that runs, which it tells nobody but its own programs. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { descendants } from './_start.ts';

/** Asks each port that the product's processes listen on for the exchange's accounts. */
export async function paperAdminOf(pid: number): Promise<string> {
  const ports = listeningPorts(descendants(pid));
  for (const port of ports) {
    const url = `http://127.0.0.1:${port}`;
    const answer = await fetch(`${url}/feeds`).catch(() => null);
    // The product's own server answers unknown addresses with its page.
    if (answer?.ok === true && answer.headers.get('content-type')?.includes('json') === true) return url;
  }
  throw new Error(`none of the ports ${ports.join(', ')} is the exchange's`);
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

/** An HMAC key that can only trade, on a new account there. */
export async function keyAtTheExchange(
  adminUrl: string,
): Promise<{ readonly apiKey: string; readonly secret: string }> {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${adminUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, await answer.clone().text());
    return answer.json();
  };
  const { account } = (await post('/accounts', { name: 'pasted', balances: { USDT: '1000' } })) as {
    readonly account: number;
  };
  const key = await post('/keys', {
    account,
    kind: 'hmac',
    permissions: { reading: true, spotTrading: true, withdrawals: false },
    allowedIps: [],
  });
  return key as { readonly apiKey: string; readonly secret: string };
}
