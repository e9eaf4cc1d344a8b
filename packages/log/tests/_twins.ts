/**
 * Weakened twins: the library with one guard taken out, loaded beside the true one. An attack that the true one
 * refuses by name must succeed against its twin; then it is that guard, and nothing else, that stops it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import type * as Log from '@counterfoil/log';
import type * as JournalSide from '@counterfoil/log/journal';
import type * as PublishedSide from '@counterfoil/log/published';
import type * as WitnessSide from '@counterfoil/log/witness';

const source = new URL('../src/', import.meta.url);

export type Library = typeof Log & typeof WitnessSide & typeof JournalSide & typeof PublishedSide;

/** A place in a file of `src`, which is there exactly once, and what stands there in the twin. */
export type Change = readonly [file: string, from: string | RegExp, to: string];

const twins = new Map<string, ReadonlyMap<string, string>>();

// The twin is the same module under another query, which its own imports inherit.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const query = /\?twin-\d+$/u.exec(context.parentURL ?? '')?.[0];
    return query === undefined || !specifier.startsWith('.')
      ? resolved
      : { ...resolved, url: `${resolved.url}${query}` };
  },
  load(url, context, next) {
    const { search, pathname } = new URL(url);
    const changed = twins.get(search)?.get(pathname);
    const loaded = next(url, context);
    return changed === undefined ? loaded : { ...loaded, source: changed };
  },
});

async function load(query: string): Promise<Library> {
  const parts = await Promise.all(
    ['library/index.ts', 'witness/index.ts', 'journal/index.ts', 'published/index.ts'].map(
      (file) => import(new URL(`${file}${query}`, source).href),
    ),
  );
  const [library, witness, journal, published] = parts as [
    typeof Log,
    typeof WitnessSide,
    typeof JournalSide,
    typeof PublishedSide,
  ];
  // The same modules with a few tokens changed: their exports have the same names.
  return { ...library, ...witness, ...journal, ...published };
}

export const trueLibrary = await load('');

/** The library without the guards that `changes` take out. */
export function twinOf(changes: readonly Change[]): Promise<Library> {
  const texts = new Map<string, string>();
  for (const [file, from, to] of changes) {
    const url = new URL(file, source);
    const text = texts.get(url.pathname) ?? readFileSync(url, 'utf8');
    assert.equal(text.split(from).length, 2, `${file} has no single ${String(from)}`);
    texts.set(
      url.pathname,
      text.replace(from, () => to),
    );
  }
  const query = `?twin-${twins.size}`;
  twins.set(query, texts);
  return load(query);
}

export interface Attack {
  readonly name: string;
  /** Succeeds where it resolves; refused where it throws an error with `code`. */
  readonly attempt: (library: Library) => unknown;
  readonly code: string;
  readonly guard: readonly Change[];
}

/** Refused as its name says, and a success where the guard is gone. */
async function assertGuarded({ name, attempt, code, guard }: Attack): Promise<void> {
  await assert.rejects(async () => attempt(trueLibrary), { code }, `${name}: the true library lets it pass`);
  const twin = await twinOf(guard);
  await assert.doesNotReject(async () => attempt(twin), `${name}: something else stops it too`);
}

export function testEach(attacks: readonly Attack[]): void {
  for (const attack of attacks)
    test(`${attack.name}: refused, and not without its guard`, () => assertGuarded(attack));
}
