/**
 * Who is signed in, over all tabs of this browser. Answers belong to whom they were given: where somebody leaves, or
 * somebody else comes, every tab forgets at once what it has shown, whether or not the server answers there.
 */
import type { AnswerOf } from '@counterfoil/api';
import type { Query, QueryClient } from '@tanstack/react-query';
import { onNotSignedIn } from './client.ts';
import { forgetDrafts } from './draft.ts';
import { listen } from './live.ts';

type Session = AnswerOf<'getSession'>;

const KEY = ['getSession', {}] as const;
const ofPerson = ({ queryKey }: Pick<Query, 'queryKey'>): boolean => queryKey[0] !== KEY[0];
const tabs = new BroadcastChannel('counterfoil-session');

/** Compares whoever is here with whoever was, in every answer of `getSession`, and hears what other tabs say of it. */
export function followSession(queries: QueryClient): void {
  const askAgain = (): void => void queries.invalidateQueries({ queryKey: KEY });
  let last: Session | undefined;
  /** Whose answers and forms this tab may still hold. */
  let person: Session | undefined;
  queries.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || ofPerson(query)) return;
    const now = query.state.data as Session | undefined;
    if (now === undefined || now === last) return;
    const kind = last?.kind;
    last = now;
    if (now.kind === 'anonymous') return drop(queries);
    const was = person;
    person = now;
    if (was !== undefined && isAnother(was, now)) {
      forgetDrafts();
      void queries.resetQueries({ predicate: ofPerson });
    } else if (kind !== undefined && kind !== now.kind) {
      void queries.invalidateQueries({ predicate: ofPerson });
    }
  });
  onNotSignedIn(askAgain);
  tabs.addEventListener('message', ({ data }) => {
    if (data === 'out') forget(queries);
    else {
      askAgain();
      listen();
    }
  });
}

function drop(queries: QueryClient): void {
  // What is under way would be kept when it comes.
  void queries.cancelQueries({ predicate: ofPerson });
  queries.removeQueries({ predicate: ofPerson });
}

/** The demo's person is the one who makes its account. */
function isAnother(was: Session, now: Session): boolean {
  if (was.workspace?.id !== now.workspace?.id) return true;
  return was.account !== null && was.account.id !== now.account?.id;
}

/** Somebody has signed in, here and so in every tab. */
export async function signedIn(queries: QueryClient): Promise<void> {
  tabs.postMessage('in');
  listen();
  await queries.invalidateQueries();
}

/** The session has ended, here and so in every tab. */
export function signedOut(queries: QueryClient): void {
  tabs.postMessage('out');
  forget(queries);
}

function forget(queries: QueryClient): void {
  forgetDrafts();
  queries.setQueryData<Session>(KEY, (was) =>
    was === undefined
      ? undefined
      : { ...was, kind: 'anonymous', account: null, workspace: null, role: null, recovering: false },
  );
  // A tab that does not know yet who is here hears it from the server.
  void queries.invalidateQueries({ queryKey: KEY });
}
