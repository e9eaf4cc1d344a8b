/**
 * The door for workers on other machines as a program. Settings come as the first line of standard input; each later
 * line names the keys that count from then on. Its end means stop.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { identityOf } from '@counterfoil/wire';
import { WorkerDoor } from './worker-door.ts';

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly identityFile: string;
  readonly socketPath: string;
  readonly paperPort: number;
  readonly pins: readonly string[];
}

/** Behind the vault and the local workers where the machine is short of time: handshakes of strangers wait for them. */
const NICE = 10;

const say = (status: Readonly<Record<string, string>>): void =>
  void process.stdout.write(`${JSON.stringify(status)}\n`);

setPriority(Math.max(getPriority(), NICE));
let door: WorkerDoor | null = null;
process.on('SIGTERM', () => {
  door?.close();
  process.exit(0);
});
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  if (door !== null) {
    const { pins } = JSON.parse(line) as Pick<Settings, 'pins'>;
    return door.admitOnly(new Set(pins));
  }
  const settings = JSON.parse(line) as Settings;
  door = new WorkerDoor({
    ...settings,
    identity: identityOf(createPrivateKey(readFileSync(settings.identityFile))),
    pins: new Set(settings.pins),
    onListening: () => say({ status: 'listening' }),
    onRefused: (error) => {
      say({ status: 'refused', sentence: `The door for workers cannot listen: ${error.message}.` });
      process.exitCode = 1;
      input.close();
    },
  });
});
input.once('close', () => process.exit());
