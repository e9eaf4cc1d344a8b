/** What a client asks over a WebSocket, on the market streams and on the WebSocket API alike. */
export interface ClientMessage {
  readonly id: string | number | null;
  readonly method: string;
  /** Unchecked; `undefined` where none were sent. */
  readonly params: unknown;
}

/** `null` for anything that is not a request. */
export function parseMessage(text: string): ClientMessage | null {
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
  return { id, method, params: 'params' in value ? value.params : undefined };
}
