/** A process to be killed: appends numbered leaves and says each acknowledged index and leaf on standard output. */
import { utf8 } from '@counterfoil/log';
import { Journal } from '@counterfoil/log/journal';

const [folder = '', run = ''] = process.argv.slice(2);
const journal = await Journal.open(folder);
setInterval(() => journal.publish(), 20);
for (let i = 0; ; i++) {
  const texts = [0, 1, 2].map((j) => `run ${run} leaf ${i}.${j}`);
  const receipt = await journal.append(texts.map(utf8), 0);
  process.stdout.write(texts.map((text, offset) => `${receipt.index + offset} ${text}\n`).join(''));
}
