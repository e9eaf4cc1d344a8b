/** An answer on the page, in whichever of its states it is: loading, failed, stale or there. */
import type { Problem } from '@counterfoil/api';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Trouble } from '../app/client.ts';
import { useLive } from '../app/live.ts';
import { type MessageKey, isMessage, useSay } from '../app/messages.ts';
import { Failed, Loading, Stale } from './states.tsx';
import { clockTime } from './time.tsx';

export interface ShownProps<T> {
  readonly answer: UseQueryResult<T, Error>;
  readonly children: (data: T) => ReactNode;
  /** Shown instead of a list that has nothing in it. */
  readonly empty?: { readonly when: (data: T) => boolean; readonly show: ReactNode };
}

export function Shown<T>({ answer, children, empty }: ShownProps<T>) {
  const lostAt = useLive((live) => live.lostAt);
  const { data, error, dataUpdatedAt, refetch } = answer;
  if (data === undefined) {
    return error === null ? <Loading /> : <Refused error={error} onRetry={() => void refetch()} />;
  }
  const stale = error !== null || lostAt !== null;
  return (
    <>
      {stale && <Stale time={clockTime(Math.min(dataUpdatedAt, lostAt ?? dataUpdatedAt))} />}
      {empty?.when(data) === true ? empty.show : children(data)}
    </>
  );
}

/**
 * Answers that what is shown rests on without showing them whole: those that failed are said here, so that none is
 * missing in silence.
 */
export function Unanswered({ answers }: { readonly answers: readonly UseQueryResult<unknown, Error>[] }) {
  return answers
    .filter(({ data, error }) => error !== null && data === undefined)
    .map(({ error, refetch }, at) => (
      <Refused key={at} error={error ?? new Error('')} onRetry={() => void refetch()} />
    ));
}

/** What went wrong: what its code means, in the reader's language, and the server's own words of it. */
export function Refused({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const say = useSay();
  const retry = onRetry === undefined ? {} : { onRetry };
  if (!(error instanceof Trouble)) {
    return <Failed trouble={{ code: error.name, what: say('error.here'), todo: error.message }} {...retry} />;
  }
  const { problem } = error;
  if (problem === null) {
    const todo = say('error.unreachable.todo');
    return <Failed trouble={{ code: 'unreachable', what: say('error.unreachable'), todo }} {...retry} />;
  }
  const { code, refusal, detail, errors } = problem;
  return (
    <Failed
      trouble={{
        code: refusal === null ? code : `${code}: ${refusal}`,
        what: meaningOf(problem, say),
        server: [detail, ...errors.map(({ path, message }) => `${path}: ${message}`)].join(' '),
      }}
      {...retry}
    />
  );
}

/** The gate's refusal says more than that it refused. A code newer than this page is told by its title. */
function meaningOf({ code, refusal, title }: Problem, say: (key: MessageKey) => string): string {
  const keys = [`refusal.${refusal ?? ''}`, `problem.${code}`];
  const known = keys.find(isMessage);
  return known === undefined ? title : say(known);
}
