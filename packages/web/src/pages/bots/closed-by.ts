/** Why a deal ended, in a word. */
import { type Say, isMessage } from '../../app/messages.ts';

/** The reason itself where it is one that this page does not know. */
export function closedByWord(say: Say, why: string): string {
  const key = `deal.closed.${why}`;
  return isMessage(key) ? say(key) : why;
}
