import type { AnswerOf } from '@counterfoil/api';
import { paperAt, placeForeignOrder } from './_paper.ts';

/** A workspace reads its trades a second after it hears of them; a loaded machine takes longer. */
const SEEN_MS_MAX = 60_000;

/**
 * A trade on the demo's account that its owner has disowned, in an installation without an account yet. The key is
 * thawed again, so that its bots go on.
 */
export async function disownedTrade(origin: string): Promise<void> {
  const trades = await placeForeignOrder(await paperAt(origin), '0.01');
  const ids = await seen(origin, trades.length);
  const write = async (path: string, body: unknown): Promise<void> => {
    const headers = { origin, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const answer = await fetch(`${origin}/api/v1/security${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  for (const id of ids) await write(`/foreign-trades/${encodeURIComponent(id)}/answer`, { answer: 'not-me' });
  const connection = ids[0]?.split('.')[0];
  await write('/thaw', { scope: 'connection', connection, assertion: null });
}

async function seen(origin: string, count: number): Promise<readonly string[]> {
  const end = Date.now() + SEEN_MS_MAX;
  while (Date.now() < end) {
    const answer = await fetch(`${origin}/api/v1/security/foreign-trades`);
    const { items } = (await answer.json()) as AnswerOf<'listForeignTrades'>;
    if (items.length === count) return items.map(({ id }) => id);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the foreign trades were not seen');
}
