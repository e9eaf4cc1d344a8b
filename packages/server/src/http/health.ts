/**
 * Whether the server lives (`/livez`), may be given work (`/readyz`), and how its parts are (`/healthz`). None says
 * anything about anybody's money.
 */
import type { FastifyInstance } from 'fastify';

/** The state of each part, `ok` when it is well. */
export type Health = () => Promise<Readonly<Record<string, string>>>;

export function healthRoutes(server: FastifyInstance, health: Health): void {
  server.get('/livez', async () => ({ status: 'ok' }));
  for (const path of ['/readyz', '/healthz']) {
    server.get(path, async (_request, reply) => {
      const parts = await health();
      const well = Object.values(parts).every((state) => state === 'ok');
      return reply.code(well ? 200 : 503).send({ status: well ? 'ok' : 'degraded', ...parts });
    });
  }
}
