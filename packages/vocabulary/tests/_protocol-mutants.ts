/**
 * Copies of our protocols with one thing changed: a key or number renumbered, a field or word renamed, a bound moved
 * by one, an optional field made required. Each stands for one side that was changed without the other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type * as Protocol from '../src/protocol/index.ts';
import { codecOf, type VectorSet, vectorSets } from './_protocol-sets.ts';
import { failures } from './_protocol-vectors.ts';

const folder = new URL('../src/protocol/', import.meta.url);

interface Mutant {
  /** `gate.ts:12 id: [0, … → id: [40, …`: where and what. */
  readonly name: string;
  readonly file: string;
  readonly source: string;
}

type Change = readonly [pattern: RegExp, to: (found: RegExpExecArray) => string | null];

/** Patterns match one token in its surroundings; what is returned replaces the whole match. */
const changes: readonly Change[] = [
  // A key of a field, the tag of a kind, or the number of a word.
  [/(?<=^\s+\w+: \[)\d+(?=,)/gmu, ([number]) => String(Number(number) + 40)],
  [/(?<=: \[\n\s+)\d+(?=,$)/gmu, ([number]) => String(Number(number) + 40)],
  [/(?<=[{ ]\w+: )\d+(?=[,} ])/gu, ([number]) => String(Number(number) + 40)],
  // The name of a field or kind, the word of a list.
  [/(?<=^\s+|\{ )\w+(?=: \[)/gmu, ([name]) => `${name}X`],
  [/(?<=[{ ])\w+(?=: \d+[,} ])/gu, ([name]) => `${name}X`],
  [/(?<=')[a-zA-Z0-9-]+(?=',?(?: |\n|\)))/gu, ([word]) => `${word}x`],
  // Bounds; those of texts with a pattern may be implied by it, so they are only drawn tighter.
  [/(?<=\btext\()[\d_]+(?=[,)])/gu, ([bound]) => moved(bound, -1)],
  [/(?<=\btext\()[\d_]+(?=\))/gu, ([bound]) => moved(bound, 1)],
  [/(?<=\/, )\d+(?=\))/gu, ([bound]) => moved(bound, 1)],
  [/(?<=\bbytes\((?:\d+, )?)[\d_]+(?=\))/gu, ([bound]) => moved(bound, -1)],
  [/(?<=\bbytes\((?:\d+, )?)[\d_]+(?=\))/gu, ([bound]) => moved(bound, 1)],
  [/(?<=\bbytes\()[\d_]+(?=, )/gu, ([bound]) => moved(bound, 1)],
  [/(?<=\binteger\()[\d_]+(?=, )/gu, ([bound]) => moved(bound, 1)],
  [/(?<=\binteger\()[\d_]+(?=, )/gu, ([bound]) => moved(bound, -1)],
  [/(?<=\binteger\(\d+, )[\w.]+(?=\))/gu, ([bound]) => `${bound} - 1`],
  // No integer is larger than a safe one.
  [/(?<=\binteger\(\d+, )(?!Number)[\w.]+(?=\))/gu, ([bound]) => `${bound} + 1`],
  [/(?<=\blist\(.+, )[\w.]+(?=\))/gu, ([bound]) => `${bound} - 1`],
  [/(?<=\blist\(.+, )[\w.]+(?=\))/gu, ([bound]) => `${bound} + 1`],
  [/\bnullable(?=\()/gu, () => '((codec) => codec)'],
];

function moved(bound: string, by: number): string | null {
  const value = Number(bound.replaceAll('_', '')) + by;
  return value < 0 ? null : String(value);
}

/** Every copy of every file of the protocol with one change. */
function protocolMutants(): readonly Mutant[] {
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.ts') && !/\.test\.ts$|^index/u.test(file),
  );
  return files.flatMap((file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    return changes.flatMap(([pattern, to]) =>
      [...source.matchAll(pattern)].flatMap((found) => {
        const replacement = isProse(source, found.index) ? null : to(found);
        if (replacement === null) return [];
        const end = found.index + found[0].length;
        const line = source.slice(0, found.index).split('\n').length;
        const name = `${file}:${line} ${source.slice(found.index, end + 12).split('\n')[0]} → ${replacement}`;
        return [{ name, file, source: `${source.slice(0, found.index)}${replacement}${source.slice(end)}` }];
      }),
    );
  });
}

/** Comments, imports, type names and what an error calls a whole message say nothing on the wire. */
function isProse(source: string, at: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', at) + 1, source.indexOf('\n', at));
  return /^\s*(?:\/?\*|\/\/)|^import|^\} from|^export (?:type|\*|interface)|decodeCbor\(/u.test(line);
}

const loading = new Map<string, Mutant>();

// A changed copy is the same module under another query; its own files follow it, the rest of the package does not.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const query = /\?mutant-\d+$/u.exec(context.parentURL ?? '')?.[0];
    return query === undefined || !specifier.startsWith('./')
      ? resolved
      : { ...resolved, url: `${resolved.url}${query}` };
  },
  load(url, context, next) {
    const mutant = loading.get(new URL(url).search);
    const loaded = next(url, context);
    return mutant !== undefined && url.startsWith(new URL(mutant.file, folder).href)
      ? { ...loaded, source: mutant.source }
      : loaded;
  },
});

let count = 0;

/** The protocol as the changed copy exports it. Rejects where the copy contradicts itself and cannot be loaded. */
async function load(mutant: Mutant): Promise<typeof Protocol> {
  const query = `?mutant-${count++}`;
  loading.set(query, mutant);
  // The same module with one token changed: its exports have the same names.
  return (await import(new URL(`index.ts${query}`, folder).href)) as typeof Protocol;
}

/** The sets that speak of a file first: one failure is enough. */
function setsFor(file: string): readonly VectorSet[] {
  const named: Readonly<Record<string, string>> = {
    'intent.ts': 'gate',
    'words.ts': 'gate',
    'door.ts': 'unlock',
  };
  const word = named[file] ?? file.split(/[.-]/u)[0] ?? '';
  return vectorSets.toSorted((a, b) => Number(b.name.startsWith(word)) - Number(a.name.startsWith(word)));
}

/** Tries every `step`th change; how many that were, and the names of those that no vector notices. */
export async function tryMutants(step: number): Promise<{ tried: number; unnoticed: readonly string[] }> {
  const chosen = protocolMutants().filter((_, i) => i % step === 0);
  const unnoticed: string[] = [];
  for (const mutant of chosen) {
    const protocol = await load(mutant).catch(() => null);
    // A copy that gives two fields one key or two kinds one tag does not even load.
    if (protocol === null) continue;
    const noticed = setsFor(mutant.file).some(
      (set) => failures(codecOf(protocol, set), set.root, set.vectors).next().done === false,
    );
    if (!noticed) unnoticed.push(mutant.name);
  }
  return { tried: chosen.length, unnoticed };
}
