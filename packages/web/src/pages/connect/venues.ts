/** Exchanges that a key can be connected to from here, with the page where keys are made there. */
import type { MessageKey } from '../../app/messages.ts';

export const venues = [{ id: 'paper', name: 'connect.venue.paper', page: null }] as const satisfies readonly {
  readonly id: string;
  readonly name: MessageKey;
  readonly page: string | null;
}[];
