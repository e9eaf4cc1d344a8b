/** The rows of jobs. A server runs what it claimed until its lease ends; what it writes later changes nothing. */
import type {
  BacktestRequest,
  BacktestResult,
  Job,
  JobResult,
  Saying,
  Sentence,
  SweepRequest,
} from '@counterfoil/api';
import { type Kysely, type Selectable, sql } from 'kysely';
import { newId } from '../accounts/secrets.ts';
import type { JobTable, Tables } from '../database/tables.ts';
import { type ExactJson, fromExactJson, toExactJson } from '../ledger/exact-json.ts';
import { tellWatchers } from '../notifications/outbox-writer.ts';
import { told } from '../sayings/tell.ts';
import type { Source } from './data-sets.ts';
import { type Outcome, sweepResultOf } from './run-sweep.ts';

export type JobRequest =
  | { readonly kind: 'backtest'; readonly request: BacktestRequest }
  | { readonly kind: 'sweep'; readonly request: SweepRequest };

/** A job as a thread takes it. */
export type JobWork = {
  readonly owner: string;
  readonly id: string;
  readonly source: Source;
  readonly percent: number;
  /** Combinations of a sweep that were tried before. */
  readonly done: readonly number[];
} & JobRequest;

/** A row without what was asked and what came out, which may be large. */
export type JobRow = Omit<Selectable<JobTable>, 'request' | 'source' | 'result'> & {
  readonly has_result: boolean;
};

/** A server that renewed nothing for so long is taken for dead: five missed renewals. */
const LEASE_MS = 5_000;
/** Ended jobs of one workspace that are kept with their results, which have up to a megabyte or two each. */
const KEPT_MAX = 100;
/** A wizard makes one at every rest of the hands; more at once is a loop. */
export const OPEN_MAX = 20;

const shown = [
  'owner',
  'id',
  'kind',
  'title',
  'title_said',
  'state',
  'step',
  'percent',
  'seconds_left',
  'error',
  'outcomes',
  'runner',
  'lease_until',
  'made_at',
  'ended_at',
] as const;

export class JobStore {
  readonly #database: Kysely<Tables>;

  constructor(database: Kysely<Tables>) {
    this.#database = database;
  }

  async openCount(owner: string): Promise<number> {
    const { count } = await this.#database
      .selectFrom('job')
      .select((row) => row.fn.countAll<bigint>().as('count'))
      .where('owner', '=', owner)
      .where('state', 'in', ['waiting', 'running'])
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async make(owner: string, asked: JobRequest, source: Source): Promise<Job> {
    const id = newId('job');
    const { kind, request } = asked;
    const title = told('test-of-bot', { job: kind, kind: request.plan.kind, dataSet: request.dataSet });
    await this.#database
      .insertInto('job')
      .values({
        owner,
        id,
        kind: asked.kind,
        title: title.sentence,
        title_said: JSON.stringify(title.said),
        request: JSON.stringify(asked.request),
        source: toExactJson(source),
        state: 'waiting',
        step: 'waiting',
        made_at: new Date(),
      })
      .execute();
    await this.#forgetOld(owner);
    return this.#tell(owner, id);
  }

  async find(owner: string, id: string): Promise<JobRow | null> {
    const row = await this.#database
      .selectFrom('job')
      .select(shown)
      .select(sql<boolean>`result is not null`.as('has_result'))
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ?? null;
  }

  list(
    owner: string,
    before: { readonly madeAt: Date; readonly id: string } | null,
    limit: number,
  ): Promise<JobRow[]> {
    let rows = this.#database
      .selectFrom('job')
      .select(shown)
      .select(sql<boolean>`result is not null`.as('has_result'))
      .where('owner', '=', owner)
      .orderBy('made_at', 'desc')
      .orderBy('id')
      .limit(limit);
    if (before !== null)
      rows = rows.where((row) =>
        row.or([
          row('made_at', '<', before.madeAt),
          row.and([row('made_at', '=', before.madeAt), row('id', '>', before.id)]),
        ]),
      );
    return rows.execute();
  }

  async result(owner: string, id: string): Promise<JobResult | null> {
    const row = await this.#database
      .selectFrom('job')
      .select(['kind', 'request', 'source', 'result', 'outcomes'])
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return null;
    if (row.kind === 'backtest') return row.result === null ? null : storedResult(row.result);
    if (row.outcomes === 0) return null;
    const { kind } = row.source as Pick<Source, 'kind'>; // written by `make`
    return sweepResultOf(row.request as SweepRequest, await this.#outcomes(owner, id), kind === 'synthetic');
  }

  /** Moves a job by its owner's wish; null where its state does not allow that. */
  async move(
    owner: string,
    id: string,
    from: readonly Job['state'][],
    to: Job['state'],
  ): Promise<Job | null> {
    const moved = await this.#database
      .updateTable('job')
      .set({
        state: to,
        step: to,
        runner: null,
        seconds_left: null,
        error: null,
        ended_at: to === 'cancelled' ? new Date() : null,
      })
      .where('owner', '=', owner)
      .where('id', '=', id)
      .where('state', 'in', [...from])
      .executeTakeFirst();
    return moved.numUpdatedRows === 0n ? null : this.#tell(owner, id);
  }

  /** The oldest job that nobody runs, or whose server says nothing any more. */
  async claim(runner: string): Promise<JobWork | null> {
    const { rows } = await sql<{
      owner: string;
      id: string;
      request: unknown;
      kind: Job['kind'];
      percent: number;
      source: ExactJson;
    }>`
      update job set state = 'running', runner = ${runner}, lease_until = now() + ${LEASE_MS} * interval '1 ms'
      where (owner, id) = (
        select owner, id from job
        where state = 'waiting' or (state = 'running' and lease_until < now())
        order by made_at limit 1 for update skip locked
      )
      returning owner, id, request, kind, percent, source::text as source`.execute(this.#database);
    const [row] = rows;
    if (row === undefined) return null;
    const { owner, id } = row;
    const outcomes = row.kind === 'sweep' ? await this.#outcomes(owner, id) : [];
    // As `make` wrote them.
    const asked = { kind: row.kind, request: row.request } as JobRequest;
    const source = fromExactJson(row.source) as Source;
    return { owner, id, source, percent: row.percent, done: outcomes.map(({ index }) => index), ...asked };
  }

  /** How far a job is, and that its server lives. False where the job is not this server's any more. */
  async renew(
    work: JobWork,
    runner: string,
    at: Pick<Job, 'step' | 'percent' | 'secondsLeft'>,
    isNews: boolean,
  ): Promise<boolean> {
    const renewed = await this.#mine(work, runner)
      .set({
        step: at.step,
        percent: at.percent,
        seconds_left: at.secondsLeft,
        lease_until: sql<Date>`now() + ${LEASE_MS} * interval '1 ms'`,
      })
      .executeTakeFirst();
    if (renewed.numUpdatedRows === 0n) return false;
    if (isNews) await this.#tell(work.owner, work.id);
    return true;
  }

  /** Keeps outcomes of a sweep. The same ones twice, after a lost lease, are one row. */
  async keep({ owner, id }: JobWork, outcomes: readonly Outcome[]): Promise<void> {
    await sql`
      with part as (
        insert into job_part (owner, job, first_index, body)
        select owner, id, ${outcomes[0]?.index ?? 0}, ${JSON.stringify(outcomes)}::json
        from job where owner = ${owner} and id = ${id}
        on conflict do nothing
        returning 1
      )
      update job set outcomes = outcomes + ${outcomes.length}::int
      where owner = ${owner} and id = ${id} and exists (select from part)`.execute(this.#database);
  }

  async finish(work: JobWork, runner: string, result: BacktestResult | null): Promise<void> {
    const done = await this.#mine(work, runner)
      .set({
        state: 'done',
        step: 'done',
        percent: 100,
        seconds_left: 0,
        ended_at: new Date(),
        result: result === null ? null : JSON.stringify(result),
      })
      .executeTakeFirst();
    if (done.numUpdatedRows > 0n) await this.#tell(work.owner, work.id);
  }

  async fail(work: JobWork, runner: string, sentence: string): Promise<void> {
    const failed = await this.#mine(work, runner)
      .set({ state: 'failed', step: 'failed', seconds_left: null, ended_at: new Date(), error: sentence })
      .executeTakeFirst();
    if (failed.numUpdatedRows > 0n) await this.#tell(work.owner, work.id);
  }

  /** Leaves a job to whoever comes next. */
  async release(work: JobWork, runner: string): Promise<void> {
    await this.#mine(work, runner).set({ state: 'waiting', step: 'waiting', runner: null }).execute();
  }

  #mine({ owner, id }: JobWork, runner: string) {
    return this.#database
      .updateTable('job')
      .where('owner', '=', owner)
      .where('id', '=', id)
      .where('runner', '=', runner)
      .where('state', '=', 'running');
  }

  async #outcomes(owner: string, job: string): Promise<readonly Outcome[]> {
    const parts = await this.#database
      .selectFrom('job_part')
      .select('body')
      .where('owner', '=', owner)
      .where('job', '=', job)
      .execute();
    const outcomes = parts.flatMap(({ body }) => body as readonly Outcome[]); // as `keep` wrote them
    return [...new Map(outcomes.map((one) => [one.index, one])).values()];
  }

  async #tell(owner: string, id: string): Promise<Job> {
    const row = await this.find(owner, id);
    if (row === null) throw new Error('a job that was just written is there');
    const job = jobOf(row);
    await tellWatchers(this.#database, owner, { type: 'job', job });
    return job;
  }

  async #forgetOld(owner: string): Promise<void> {
    await sql`
      delete from job where owner = ${owner} and id in (
        select id from job where owner = ${owner} and state not in ('waiting', 'running')
        order by made_at desc offset ${KEPT_MAX}
      )`.execute(this.#database);
  }
}

export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    titleSaid: row.title_said as Saying | null, // written by `make`
    state: row.state,
    step: row.step,
    percent: row.percent,
    secondsLeft: row.seconds_left,
    error: row.error,
    hasResult: row.has_result || row.outcomes > 0,
    madeAt: row.made_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

/** As `finish` wrote it; results of before have their remarks in words alone. */
function storedResult(result: unknown): BacktestResult {
  const kept = result as BacktestResult;
  const told = (remarks: readonly (Sentence | string)[]): Sentence[] =>
    remarks.map((one) => (typeof one === 'string' ? { sentence: one, said: null } : one));
  return { ...kept, assumptions: told(kept.assumptions), warnings: told(kept.warnings) };
}
