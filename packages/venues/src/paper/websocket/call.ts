import { parseMessage } from '../client-message.ts';

/** One request of the WebSocket API. */
export interface Call {
  readonly id: string | number | null;
  readonly method: string;
  /** Parameters as text, as REST would have sent them. */
  readonly params: ReadonlyMap<string, string>;
}

/** More parameters than any method has. */
const PARAMETERS_MAX = 50;

/** `null` for anything that is not a request. Lists keep their JSON form, as in a query string. */
export function parseCall(text: string): Call | null {
  const message = parseMessage(text);
  if (message === null) return null;
  const { id, method, params: given = {} } = message;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const entries = Object.entries(given);
  if (entries.length > PARAMETERS_MAX) return null;
  const params = new Map<string, string>();
  for (const [name, item] of entries as [string, unknown][]) {
    params.set(name, typeof item === 'string' ? item : JSON.stringify(item));
  }
  return { id, method, params };
}
