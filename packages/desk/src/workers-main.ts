/** `counterfoil workers`: the desk's part of it, in a process of its own. */
import { existsSync, openSync, writeSync, closeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from '@counterfoil/server';
import { addRemotePeer, remotePeers, removeRemotePeer } from './remote-workers.ts';

/** Says what it did, as what the command prints. */
function main([what, home = '', name = '', door = '', file = '']: readonly string[]): unknown {
  const vault = join(home, 'vault');
  if (what === 'add') {
    refuseTaken(file);
    const credentials = addRemotePeer(vault, name, door);
    writePrivate(file, credentials);
    return { name, file };
  }
  if (what === 'remove') {
    removeRemotePeer(vault, name);
    return { name };
  }
  return { workers: existsSync(vault) ? remotePeers(vault) : [] };
}

function refuseTaken(file: string): void {
  if (existsSync(file))
    throw new StartError(
      'worker-name',
      `${file} is there already. Nothing was made. Name another file with --file.`,
    );
}

/** Holds a private key: nobody else's from its first byte on, and never over another file. */
function writePrivate(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  writeSync(descriptor, text);
  closeSync(descriptor);
}

try {
  const [what = '', home = '', name = '', door = '', file = ''] = process.argv.slice(2);
  console.log(JSON.stringify(main([what, resolve(home), name, door, resolve(file)])));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.log(JSON.stringify({ refused: error.sentence }));
  process.exitCode = 1;
}
