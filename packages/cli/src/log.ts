/** `counterfoil log inspect`: what anybody can see of a published log. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inspectLog } from '@counterfoil/log/verify';
import { UsageError } from './errors.ts';
import { homeFolder } from './home.ts';

const HELP = `Shows what anybody can see of a published log, recomputed from its entries.

Usage: npx counterfoil log inspect [PLACE]

  PLACE       folder or URL of the published log (default: the installation's own)
  --home DIR  data folder
  --json      as JSON

No signature is verified here: that is what \`npx counterfoil verify history\` does.
`;

export async function log(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [what, place, ...rest] = positionals;
  if (what !== 'inspect' || rest.length > 0) throw new UsageError('say: inspect [PLACE]');
  const seen = await inspectLog(place ?? join(homeFolder(values.home), 'log', 'journal', 'public'));
  if (values.json) {
    process.stdout.write(`${JSON.stringify(seen)}\n`);
  } else {
    const lines = [
      `origin    ${seen.origin}`,
      `size      ${seen.size} (${seen.privateLeaves} private, ${seen.control.length} control, ${seen.otherEntries} other)`,
      `root      ${seen.root} ${seen.rootMatches ? '= what the entries make' : '≠ WHAT THE ENTRIES MAKE'}`,
      `signers   ${seen.signers.join(', ')}`,
      ...seen.control.map(({ index, leaf }) => `control   ${index}  ${leaf.kind}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return seen.rootMatches ? 0 : 1;
}
