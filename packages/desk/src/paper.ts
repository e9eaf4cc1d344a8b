import { readFileSync } from 'node:fs';
import type { Status } from './program.ts';

/** The paper exchange as it said that it runs. */
export interface Paper {
  readonly authorityFile: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly authority: string;
  /** `synthetic`, `recorded` or `live`, and what somebody must know of it. */
  readonly origin: string;
  readonly prices: string;
}

export function paperOf(said: Status): Paper {
  const authorityFile = String(said['authorityFile']);
  return {
    port: Number(new URL(String(said['url'])).port),
    adminUrl: String(said['adminUrl']),
    authorityFile,
    authority: readFileSync(authorityFile, 'utf8'),
    origin: String(said['origin']),
    prices: String(said['prices']),
  };
}
