import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseIdentity } from '../src/database/identity.ts';
import { readPostmasterFile } from '../src/database/postmaster-file.ts';
import { makeFolder, removeFolder } from './_folder.ts';

const binaries = '/usr/lib/postgresql/15/bin';

/** Whether Debian's PostgreSQL 15 is installed here. */
export const hasDebianPostgres = existsSync(join(binaries, 'postgres'));

/** A server as an operator would run it: another version, on TCP, with a user and a password. */
export interface DebianPostgres {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a PostgreSQL 15 of its own on a free port of the loopback interface. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = makeFolder();
  const cluster = join(folder, 'cluster');
  const identity = chooseIdentity(cluster);
  mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'correct horse\n');
  if (identity !== undefined)
    for (const path of [folder, cluster, passwordFile]) chownSync(path, identity.uid, identity.gid);
  const options = { ...identity, cwd: '/', stdio: 'ignore' } as const;
  execFileSync(
    join(binaries, 'initdb'),
    [
      '-D',
      cluster,
      '-U',
      'operator',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-sync',
    ],
    options,
  );
  const port = await freePort();
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'fsync=off',
  ];
  const child = spawn(join(binaries, 'postgres'), ['-D', cluster, ...settings], options);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  while (readPostmasterFile(cluster)?.ready !== true) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL 15 ended with ${child.exitCode}`);
    await sleep(10);
  }
  return {
    url: `postgresql://operator:correct%20horse@127.0.0.1:${port}/postgres`,
    async stop() {
      child.kill('SIGINT');
      await exited;
      removeFolder(folder);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a numeric address');
  return address.port;
}
