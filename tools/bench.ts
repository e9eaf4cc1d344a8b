// `npm run bench -- NAME [--quick]`: runs benches/NAME.ts and checks that it ends with its figures as one JSON object.
// Without a name, lists the benches with the first line of each.
import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = process.cwd();
const [name, ...rest] = process.argv.slice(2);

if (name === undefined) {
  for (const path of globSync('benches/*.ts', { cwd: root }).toSorted()) {
    const title = /^\/\/ *(.*)$/mu.exec(readFileSync(join(root, path), 'utf8'))?.[1] ?? '';
    console.log(`${basename(path, '.ts').padEnd(16)} ${title}`);
  }
  process.exit(0);
}

const program = join('benches', `${name}.ts`);
if (!/^[a-z0-9-]+$/u.test(name) || !existsSync(join(root, program))) {
  console.error(`There is no ${program}. \`npm run bench\` lists the benches.`);
  process.exit(2);
}

// A bench may start the garbage collector itself, so that one measurement does not pay for another.
const child = spawn(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', '--expose-gc', program, ...rest],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let lastLine = '';
let unfinished = '';
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  process.stdout.write(text);
  const lines = (unfinished + text).split('\n');
  unfinished = lines.pop() ?? '';
  lastLine = lines.findLast((line) => line.trim() !== '') ?? lastLine;
});
child.on('close', (code, signal) => {
  if (unfinished.trim() !== '') lastLine = unfinished;
  if (code !== 0) {
    console.error(`${program} ended with ${signal ?? `exit code ${code}`}.`);
    process.exit(1);
  }
  if (!isFigures(lastLine)) {
    console.error(`${program} did not end with a JSON object of its figures.`);
    process.exit(1);
  }
});

function isFigures(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
