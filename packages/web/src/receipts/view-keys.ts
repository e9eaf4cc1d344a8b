/** View keys that this browser keeps: whoever has one can read its connection's leaves, and nothing more. */
const nameOf = (connection: string): string => `counterfoil-view-key-${connection}`;

/** 64 hex digits, or null where this browser does not have it. */
export function keptHexKey(connection: string): string | null {
  try {
    return localStorage.getItem(nameOf(connection));
  } catch {
    return null;
  }
}

export function keepHexKey(connection: string, key: Uint8Array): void {
  const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');
  localStorage.setItem(nameOf(connection), hex);
}
