/**
 * The journal as the bench's second process: serves one connection on a Unix socket. Arguments: folder, socket, file
 * of witnesses or `-`.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { formatVerifierKey, parsePolicy } from '@counterfoil/log';
import { Journal, nodeDisk, serveJournal } from '@counterfoil/log/journal';
import { sha256Into } from '@counterfoil/log/node';
import { Publisher } from '@counterfoil/log/published';

const [folder = '', socketPath = '', witnesses = '-'] = process.argv.slice(2);
const journal = await Journal.create(folder, { origin: 'bench.counterfoil.local/keyuse', clock: Date.now });
const logKey = formatVerifierKey(journal.key);
const quorum = witnesses === '-' ? 'quorum none\n' : readFileSync(witnesses, 'utf8');
const publisher = new Publisher(
  journal,
  nodeDisk,
  parsePolicy(sha256Into, `log ${logKey}\n${quorum}`),
  Date.now,
);
setInterval(() => void publisher.publish(), 1_000);
const server = createServer((socket) => {
  const served = serveJournal(socket, journal, (size, signal) => publisher.witnessed(size, signal));
  void served.then(() => process.exit(0));
});
server.listen(socketPath, () => {
  process.stdout.write(`${logKey}\n`);
});
