/** What a job is doing, in a word. */
import { type Say, isMessage } from '../app/messages.ts';

/** The step itself where it is one that this page does not know. */
export function stepWord(say: Say, step: string): string {
  const key = `job.step.${step.replaceAll(' ', '-')}`;
  return isMessage(key) ? say(key) : step;
}
