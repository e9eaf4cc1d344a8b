/** Paper orders by hand for who holds the installation's token: what `counterfoil order` uses. */
import { CodecError } from '@counterfoil/vocabulary';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IntentView } from '../worker/intents.ts';
import { type OrderBody, orderBody } from '../worker/order-body.ts';
import type { Caller } from './caller.ts';
import { HttpProblem } from './problem.ts';

export interface PaperOrders {
  readonly place: (order: OrderBody) => Promise<IntentView>;
  readonly find: (seq: number) => Promise<IntentView | null>;
}

export function paperOrderRoutes(
  server: FastifyInstance,
  identify: (request: FastifyRequest) => Promise<Caller>,
  { place, find }: PaperOrders,
): void {
  const authorize = async (request: FastifyRequest): Promise<void> => {
    if ((await identify(request)).kind === 'installation') return;
    throw new HttpProblem(
      'not-signed-in',
      'This needs the token of the running installation; nothing was done.',
    );
  };
  server.post('/v1/paper/orders', async (request, reply) => {
    await authorize(request);
    return reply.code(201).send(await place(readOrder(request.body)));
  });
  server.get('/v1/paper/orders/:seq', async (request) => {
    await authorize(request);
    const { seq } = request.params as { readonly seq: string };
    const found = /^[1-9][0-9]{0,11}$/.test(seq) ? await find(Number(seq)) : null;
    if (found === null) throw new HttpProblem('not-found', `There is no such order.`);
    return found;
  });
}

function readOrder(body: unknown): OrderBody {
  if (body === undefined) throw new HttpProblem('bad-form', 'The body is not JSON; nothing was done.');
  try {
    return orderBody.decode(body, 'order');
  } catch (error) {
    if (error instanceof CodecError) throw new HttpProblem('bad-form', `${error.message}; nothing was done.`);
    throw error;
  }
}
