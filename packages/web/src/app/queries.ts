/** Reading and writing as pages do it: answers are kept and shared, the event stream keeps them fresh (`live.ts`). */
import type { AnswerOf, RouteName } from '@counterfoil/api';
import { type UseMutationResult, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { type Call, Trouble, ask } from './client.ts';

export type Answer<Name extends RouteName> = UseQueryResult<AnswerOf<Name>, Error>;

/** Asks once and keeps the answer; `enabled: false` asks later. */
export function useAnswer<Name extends RouteName>(
  name: Name,
  call: Call<Name>,
  options: { readonly enabled?: boolean; readonly refetchInterval?: number } = {},
): Answer<Name> {
  return useQuery({
    queryKey: [name, call],
    queryFn: ({ signal }) => ask(name, { ...call, signal }),
    // Named, because only what was looked at would be told of otherwise: an error that comes while the part of the page
    // that shows it is still being fetched would never be shown.
    notifyOnChangeProps: ['data', 'error', 'dataUpdatedAt'],
    ...options,
  });
}

/**
 * One write. Its idempotency key stays the same until it was answered, so that a write that got no answer and is sent
 * again cannot happen twice; the same write asked for twice at once is sent once. `keyOf` names the write where more
 * than this page's life must be outlasted (`draftKey`).
 */
export function useSend<Name extends RouteName>(
  name: Name,
  keyOf?: (call: Call<Name>) => string,
): UseMutationResult<AnswerOf<Name>, Error, Call<Name>> {
  const open = useRef<{ readonly text: string; readonly key: string } | null>(null);
  const flying = useRef<{ readonly text: string; readonly answer: Promise<AnswerOf<Name>> } | null>(null);
  const send = async (call: Call<Name>, text: string): Promise<AnswerOf<Name>> => {
    const key = keyOf?.(call) ?? (open.current?.text === text ? open.current.key : crypto.randomUUID());
    open.current = { text, key };
    try {
      const answer = await ask(name, { ...call, idempotencyKey: key });
      open.current = null;
      return answer;
    } catch (error) {
      if (!(error instanceof Trouble) || !unanswered.has(error.code)) open.current = null;
      throw error;
    } finally {
      flying.current = null;
    }
  };
  return useMutation({
    mutationFn: (call: Call<Name>) => {
      const text = JSON.stringify(call);
      if (flying.current?.text === text) return flying.current.answer;
      const answer = send(call, text);
      flying.current = { text, answer };
      return answer;
    },
  });
}

/** After these the write may still have happened, or be happening. */
const unanswered: ReadonlySet<Trouble['code']> = new Set([
  'unreachable',
  'idempotency-under-way',
  'fault',
  'database-away',
]);
