/** Reading and writing as pages do it: answers are kept and shared, the event stream keeps them fresh (`live.ts`). */
import type { AnswerOf, RouteName } from '@counterfoil/api';
import { type UseMutationResult, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
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
    ...options,
  });
}

/**
 * One write. A write that got no answer may have arrived: sending it again repeats the same idempotency key, so that
 * it cannot happen twice; the key changes only after an answer.
 */
export function useSend<Name extends RouteName>(
  name: Name,
): UseMutationResult<AnswerOf<Name>, Error, Call<Name>> {
  const [key, setKey] = useState(() => crypto.randomUUID());
  return useMutation({
    mutationFn: async (call: Call<Name>) => {
      try {
        const answer = await ask(name, { ...call, idempotencyKey: key });
        setKey(crypto.randomUUID());
        return answer;
      } catch (error) {
        if (error instanceof Trouble && error.code !== 'unreachable') setKey(crypto.randomUUID());
        throw error;
      }
    },
  });
}
