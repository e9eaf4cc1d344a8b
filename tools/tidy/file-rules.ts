// Rules about files as a whole: their names, their length, files that should not be there.
import longFiles from './long-files.json' with { type: 'json' };
import { isCode, linesMatching } from './match.ts';
import type { TidyRule } from './rules.ts';

// The formatter breaks code at 110; comments and SQL are broken by hand and get a little air. A sentence for an
// operator stays one string, so that whoever reads it can find it.
const longestLine = 120;

// Beyond this a reader no longer holds a file in mind; a table of one truth may be longer if it says so.
const longestFile = 450;

const reasons: Readonly<Record<string, string>> = longFiles;

function withoutSentences(line: string): string {
  return line.replace(/(['"`])(?:\\.|(?!\1).){60,}\1/gu, '""');
}

/** Rules that `tidy` applies to every file by its name and size. */
export const fileRules: readonly TidyRule[] = [
  {
    name: 'line-length',
    broken: (file) => {
      if (!isCode(file.path)) return [];
      return file.lines.flatMap((text, index) =>
        // A link or a test vector cannot be broken.
        withoutSentences(text).length > longestLine && !/https?:\/\/|[0-9A-Za-z+/=_-]{60}/u.test(text)
          ? [{ line: index + 1, message: `${text.length} characters; at most ${longestLine}` }]
          : [],
      );
    },
  },
  {
    name: 'file-length',
    broken: ({ path, lines }) => {
      if (!isCode(path)) return [];
      const listed = reasons[path] !== undefined;
      if (lines.length > longestFile && !listed) {
        return [
          {
            line: 0,
            message: `${lines.length} lines; split it, or give the reason in tools/tidy/long-files.json`,
          },
        ];
      }
      if (lines.length <= longestFile && listed) {
        return [{ line: 0, message: 'short enough: remove it from tools/tidy/long-files.json' }];
      }
      return [];
    },
  },
  {
    name: 'file-name',
    broken: ({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      // A migration's number is set apart from its name.
      const right = path.endsWith('.sql')
        ? /^(?:\d{4}_)?[a-z0-9-]+\.sql$/u
        : /^[_.]?[a-z0-9]+(?:[-.][a-z0-9]+)*$/u;
      return isCode(path) && !right.test(name)
        ? [{ line: 0, message: 'file names are kebab-case, and those of migrations 0001_kebab-case.sql' }]
        : [];
    },
  },
  {
    name: 'vague-name',
    broken: ({ path }) => {
      const vague = /(?:^|[-_./])(utils?|helpers?|managers?|common|misc|shared|stuff)(?=[-_./]|$)/u.exec(
        path,
      )?.[1];
      return isCode(path) && vague !== undefined
        ? [{ line: 0, message: `"${vague}" says nothing about what is inside: name the idea` }]
        : [];
    },
  },
  {
    name: 'dead-file',
    broken: ({ path, text }) => {
      if (/(?:~|\.(?:bak|orig|rej|swp|tmp|log)|\.DS_Store)$/u.test(path)) {
        return [{ line: 0, message: 'a left-over: delete it' }];
      }
      return isCode(path) && text.trim() === '' ? [{ line: 0, message: 'an empty file: delete it' }] : [];
    },
  },
  {
    name: 'built-beside-source',
    broken: ({ path }) =>
      /^packages\/[^/]+\/src\/.*\.(?:js|d\.ts|map)$/u.test(path)
        ? [{ line: 0, message: 'build output belongs in .build, not beside its source' }]
        : [],
  },
  {
    name: 'commented-code',
    broken: (file) =>
      /\.(?:ts|tsx|mts|mjs)$/u.test(file.path)
        ? linesMatching(
            file,
            /^\s*\/\/ *(?:(?:const|let|import|export|return|await) .*;|\} ?else.*|\w+\(.*\);)$/u,
            () => 'commented-out code: delete it, the history keeps it',
          )
        : [],
  },
];
