/** One desk at a time in a data folder: a second one would run a second gate over the same store. */
import { rmSync } from 'node:fs';
import { type Server, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { StartError } from '@counterfoil/server';

/**
 * Holds the folder until the server is closed or this process ends, however it ends: a socket that nobody answers at
 * is what a killed desk leaves behind, and is taken over.
 */
export async function holdFolder(run: string, root: string): Promise<Server> {
  const path = join(run, 'desk.sock');
  if (await answers(path)) {
    throw new StartError(
      'already-running',
      `Counterfoil is running already in ${root}. Nothing more was started. Use the one that runs, or stop it first.`,
    );
  }
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
  server.unref();
  return server;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
