/**
 * Workers on other machines, as the data folder knows them: the pin of each one's key, and what their credentials
 * repeat of this installation. The private halves are in the credentials files alone.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartError, WORKER_NAME, formatCredentials } from '@counterfoil/server';
import { newIdentity, parseHostPort } from '@counterfoil/wire';
import { writeWhole } from './data-folder.ts';

/** The vault admits 64 peers: the server, 32 workers beside it, and these. */
const REMOTE_MAX = 31;

export interface RemotePeer {
  readonly name: string;
  readonly pin: string;
}

/** What a start with the door on leaves for credentials. */
export interface DoorFacts {
  readonly doorPin: string;
  readonly gatePin: string;
  readonly installation: string;
  readonly authorityPem: string;
}

const folderIn = (vault: string): string => join(vault, 'workers');
const factsIn = (vault: string): string => join(vault, 'worker-door.json');
const PIN_FILE = /^([a-z][a-z0-9-]{0,23})\.pin$/u;

export function remotePeers(vault: string): readonly RemotePeer[] {
  const folder = folderIn(vault);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const name = PIN_FILE.exec(file)?.[1];
      return name === undefined ? [] : [{ name, pin: readFileSync(join(folder, file), 'utf8').trim() }];
    });
}

export function rememberDoor(vault: string, facts: DoorFacts): void {
  writeWhole(factsIn(vault), `${JSON.stringify(facts)}\n`);
}

/** Makes a key and returns the credentials file that holds it; here only its pin stays. */
export function addRemotePeer(vault: string, name: string, door: string): string {
  const facts = factsIn(vault);
  if (!existsSync(facts)) {
    throw new StartError('worker-door-never', [
      'This installation never had a door for workers on other machines. Nothing was made. Start it once with',
      '`npm start -- --worker-door HOST:PORT` and DATABASE_URL, then ask again.',
    ]);
  }
  if (!WORKER_NAME.test(name))
    throw refusedName(`${JSON.stringify(name)} is no name: up to 24 of a to z, 0 to 9 and -, a letter first`);
  if (parseHostPort(door) === null)
    throw refusedName(
      '--door takes the address of the door as the other machine sees it, such as 192.0.2.7:7332',
    );
  const known = remotePeers(vault);
  if (known.some((one) => one.name === name))
    throw refusedName(`there is a worker ${name} already; remove it first, or take another name`);
  if (known.length >= REMOTE_MAX) {
    throw new StartError('worker-limit', [
      `The vault takes ${REMOTE_MAX} workers on other machines at most. Nothing was made. Remove one that is not needed.`,
    ]);
  }
  const { key, pin } = newIdentity();
  mkdirSync(folderIn(vault), { recursive: true, mode: 0o700 });
  writeWhole(join(folderIn(vault), `${name}.pin`), `${pin}\n`);
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' });
  return formatCredentials({
    name,
    door,
    ...(JSON.parse(readFileSync(facts, 'utf8')) as DoorFacts),
    keyPem: keyPem.toString(),
  });
}

export function removeRemotePeer(vault: string, name: string): void {
  if (!remotePeers(vault).some((one) => one.name === name)) throw refusedName(`there is no worker ${name}`);
  rmSync(join(folderIn(vault), `${name}.pin`));
}

function refusedName(why: string): StartError {
  return new StartError('worker-name', `${why}. Nothing was changed.`);
}
