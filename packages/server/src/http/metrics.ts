/** `/metrics` in Prometheus' text form, with the installation's token: counts, and nobody's money or markets. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from './caller.ts';
import { HttpProblem } from './problem.ts';

export class Metrics {
  readonly #answers = new Map<number, number>();

  /** Counts one answer by the hundred of its status. */
  count(status: number): void {
    const kind = Math.floor(status / 100);
    this.#answers.set(kind, (this.#answers.get(kind) ?? 0) + 1);
  }

  text(gauges: Readonly<Record<string, number>>): string {
    const answers = [...this.#answers]
      .toSorted(([a], [b]) => a - b)
      .map(([kind, count]) => `counterfoil_http_answers_total{status="${kind}xx"} ${count}`);
    const lines = Object.entries(gauges).flatMap(([name, value]) => [
      `# TYPE counterfoil_${name} gauge`,
      `counterfoil_${name} ${value}`,
    ]);
    return ['# TYPE counterfoil_http_answers_total counter', ...answers, ...lines, ''].join('\n');
  }
}

export function metricsRoute(
  server: FastifyInstance,
  identify: (request: FastifyRequest) => Promise<Caller>,
  metrics: Metrics,
  gauges: () => Readonly<Record<string, number>>,
): void {
  server.addHook('onResponse', (_request, reply, done) => {
    metrics.count(reply.statusCode);
    done();
  });
  server.get('/metrics', async (request, reply) => {
    if ((await identify(request)).kind !== 'installation')
      throw new HttpProblem('not-signed-in', 'This needs the token of the running installation.');
    return reply.type('text/plain; version=0.0.4').send(metrics.text(gauges()));
  });
}
