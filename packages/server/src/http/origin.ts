/**
 * Under which names the server answers, and whose pages may write. Browsers send `Origin` with every write; a page of
 * another site cannot change it. Names other than ours are refused, so that a foreign name that resolves to this
 * machine (DNS rebinding) reaches nothing.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { HttpProblem } from './problem.ts';

/** The one origin, `http://localhost:7331`, to which passkeys belong. */
export interface Origin {
  readonly host: string;
  readonly text: string;
  /** Names of the same machine that lead to the origin by a redirect. */
  readonly aliases: readonly string[];
}

export function localOrigin(port: number): Origin {
  const host = `localhost:${port}`;
  return { host, text: `http://${host}`, aliases: [`127.0.0.1:${port}`, `[::1]:${port}`] };
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses names that are not ours. True for a browser that asks for a page under an alias: it is led to the origin,
 * where passkeys work. Programs may use an alias.
 */
export function checkHost(origin: Origin, headers: IncomingHttpHeaders): boolean {
  const { host, accept } = headers;
  if (host === origin.host) return false;
  if (host !== undefined && origin.aliases.includes(host)) return accept?.includes('text/html') === true;
  throw new HttpProblem('wrong-host', `This server answers at ${origin.text} alone; nothing was done.`);
}

/** Refuses writes that a page of another site made. Programs send neither header and carry no cookie. */
export function checkOrigin(origin: Origin, method: string, headers: IncomingHttpHeaders): void {
  if (SAFE.has(method)) return;
  const given = headers.origin;
  const site = headers['sec-fetch-site'];
  const isForeign = given !== undefined && given !== origin.text;
  const saysForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  // A cookie without an origin cannot come from a browser's own page: every current browser sends it with writes.
  const isBlind = given === undefined && headers.cookie !== undefined;
  if (isForeign || saysForeign || isBlind)
    throw new HttpProblem(
      'cross-origin',
      `Only pages of ${origin.text} may change something; nothing was done.`,
    );
}
