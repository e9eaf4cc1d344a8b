/** The desk's side of the door for workers on other machines: its program, its keys, and who may come in. */
import { join } from 'node:path';
import { readInstallationId } from '@counterfoil/server';
import type { HostPort } from '@counterfoil/wire';
import type { DataFolder } from './data-folder.ts';
import { peerIdentity } from './local-keys.ts';
import type { Paper } from './paper.ts';
import type { Program } from './program.ts';
import { type RemotePeer, rememberDoor, remotePeers } from './remote-workers.ts';

/** A key that was removed opens nothing this soon after. */
const LOOK_MS = 1_000;

export interface DoorSettings {
  readonly folder: DataFolder;
  readonly address: HostPort;
  readonly databaseUrl: string;
  readonly gatePin: string;
  readonly paper: Paper;
  /** Whose pins the gate has: a key that was made since waits for the next start. */
  readonly known: readonly RemotePeer[];
}

/** What the program is told first. Leaves in the data folder what credentials files repeat. */
export async function doorSettings(settings: DoorSettings): Promise<object> {
  const { folder, address, databaseUrl, gatePin, paper } = settings;
  const identityFile = join(folder.vault, 'worker-door.pem');
  const installation = await readInstallationId(databaseUrl);
  if (installation === null) throw new Error('the database is prepared before the door opens');
  const doorPin = peerIdentity(identityFile).pin;
  rememberDoor(folder.vault, { doorPin, gatePin, installation, authorityPem: paper.authority });
  return {
    ...address,
    identityFile,
    socketPath: folder.switchSocket,
    paperPort: paper.port,
    pins: admittedPins(settings),
  };
}

/** Tells the program of every key that is removed, as long as it runs. */
export function keepAdmitting(
  program: Program,
  tell: (message: unknown) => void,
  settings: DoorSettings,
): void {
  let told = admittedPins(settings).join();
  const timer = setInterval(() => {
    const pins = admittedPins(settings);
    if (pins.join() === told) return;
    told = pins.join();
    tell({ pins });
  }, LOOK_MS);
  void program.ended.then(() => clearInterval(timer));
}

function admittedPins({ folder, known }: DoorSettings): readonly string[] {
  const kept = new Set(remotePeers(folder.vault).map(({ pin }) => pin));
  return known.map(({ pin }) => pin).filter((pin) => kept.has(pin));
}
