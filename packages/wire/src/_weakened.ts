/** Copies of our own modules with one guard taken out: what a test of that guard must notice. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const copies = new Map<string, string>();

registerHooks({
  load(url, context, next) {
    const source = copies.get(url);
    const loaded = next(url, context);
    return source === undefined ? loaded : { ...loaded, source };
  },
});

/** The module beside this one with a place changed. Throws where the place is not there exactly once. */
export async function weakened(file: string, from: string, to: string): Promise<unknown> {
  const url = new URL(file, import.meta.url);
  const source = readFileSync(url, 'utf8');
  if (source.split(from).length !== 2) throw new Error(`${file} has no single ${from}`);
  url.search = `?weakened-${copies.size}`;
  copies.set(
    url.href,
    source.replace(from, () => to),
  );
  return import(url.href);
}
