/** The switch as a program: descriptor 3 is the gate's door; the settings are its one argument. */
import { Socket } from 'node:net';
import { Switch } from './switch.ts';

interface Settings {
  readonly socketPath: string;
  readonly venues: readonly string[];
}

const settings = JSON.parse(process.argv[2] ?? '') as Settings;

new Switch({
  door: new Socket({ fd: 3, readable: true, writable: true }),
  socketPath: settings.socketPath,
  venues: new Set(settings.venues),
  onListening: () => process.stdout.write(`${JSON.stringify({ status: 'listening' })}\n`),
  onClose: () => process.exit(0),
});
