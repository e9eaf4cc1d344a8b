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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('method' in value)) return null;
  const { method } = value;
  if (typeof method !== 'string') return null;
  const id =
    'id' in value && (typeof value.id === 'string' || typeof value.id === 'number') ? value.id : null;
  const given = 'params' in value ? value.params : {};
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const entries = Object.entries(given);
  if (entries.length > PARAMETERS_MAX) return null;
  const params = new Map<string, string>();
  for (const [name, item] of entries as [string, unknown][]) {
    params.set(name, typeof item === 'string' ? item : JSON.stringify(item));
  }
  return { id, method, params };
}
