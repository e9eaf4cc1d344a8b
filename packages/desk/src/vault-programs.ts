/**
 * Launches the vault: gate and switch share one socket pair, the gate has its store as a second descriptor, and its
 * environment is empty. Both start in one turn, so that nobody else ever reads from the pair. Each has a session of
 * its own: Ctrl-C in a terminal is for the desk.
 */
import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { type IsolationLevel, gateArguments, isolationLevels } from '@counterfoil/vocabulary/gate-flags';
import { type Unlock, attachment, unlock } from '@counterfoil/vocabulary/protocol';
import { writeFrame } from '@counterfoil/wire';
import { Program } from './program.ts';

const startProgram = join(import.meta.dirname, '../../vault/src/gate/start.ts');
const switchProgram = join(import.meta.dirname, '../../vault/src/switch/main.ts');

export interface VaultSettings {
  /** The built gate and builder, one file each. */
  readonly gateFile: string;
  readonly builderFile: string;
  readonly storeFile: string;
  readonly socketPath: string;
  readonly unlock: Unlock;
  /** A gate that reaches less is not unlocked. */
  readonly isolation: IsolationLevel;
  readonly onLine: (line: string) => void;
}

/** The gate is less closed than was demanded; the message says what that means and what to do. */
class IsolationTooLow extends Error {
  override readonly name = 'IsolationTooLow';
}

export interface VaultPrograms {
  readonly gate: Program;
  readonly switch: Program;
  /**
   * The level that the gate reached before it was unlocked. Rejects with `IsolationTooLow` where that is too little:
   * then it was never unlocked, and is killed.
   */
  readonly isolation: Promise<IsolationLevel>;
}

/**
 * Starts switch and gate. The gate is unlocked when it has said how far it is closed; the unlock message is wiped
 * from memory here once it is written.
 */
export function launchVault(settings: VaultSettings): VaultPrograms {
  // Every write of the gate is durable when it returns; it has no other means to make it so.
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC;
  const store = openSync(settings.storeFile, flags, 0o600);
  const venues = settings.unlock.venues.map(({ host, port }) => `${host}:${port}`);
  const arguments_ = JSON.stringify({ socketPath: settings.socketPath, venues });
  const carrier = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', switchProgram, arguments_],
    {
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  // The desk's end of the pair becomes the gate's door and is closed here before anything could be read from it.
  const door = carrier.stdio[3] as Socket;
  const gate = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', startProgram, ...gateArguments(settings.gateFile)],
    {
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore', door, store],
    },
  );
  door.destroy();
  closeSync(store);
  const message = encodeCbor(toCbor(unlock, settings.unlock));
  settings.unlock.kek.fill(0);
  // A gate that ends before it has read says why by its exit code.
  gate.stdin?.on('error', () => {});
  const program = new Program('gate', gate, settings.onLine);
  const isolation = reachedLevel(program, settings.isolation).then(
    (level) => {
      gate.stdin?.end(message, () => message.fill(0));
      return level;
    },
    (error: unknown) => {
      message.fill(0);
      gate.kill('SIGKILL');
      throw error;
    },
  );
  isolation.catch(() => undefined);
  return { gate: program, switch: new Program('switch', carrier, settings.onLine), isolation };
}

async function reachedLevel(gate: Program, demanded: IsolationLevel): Promise<IsolationLevel> {
  const said = await gate.status((status) =>
    status['status'] === 'sealed' ? String(status['isolation']) : undefined,
  );
  const level = isolationLevels.find((one) => one === said) ?? 'L1';
  if (isolationLevels.indexOf(level) >= isolationLevels.indexOf(demanded)) return level;
  throw new IsolationTooLow(
    `The vault reaches isolation ${level} on this system, and ${demanded} was demanded. It was not unlocked and no ` +
      'key was used. Start without --isolation to accept less, or see SECURITY.md for what each level needs.',
  );
}

/** Starts a builder that is attached to the switch already: it inherits the connection and can make no other. */
export function launchBuilder(
  settings: Pick<VaultSettings, 'builderFile' | 'socketPath' | 'onLine'>,
): Promise<Program> {
  return new Promise((resolve, reject) => {
    const socket = connect(settings.socketPath);
    socket.once('error', reject);
    socket.once('connect', () => {
      writeFrame(socket, encodeCbor(toCbor(attachment, 'builder')));
      const child = spawn(
        process.execPath,
        [
          '--permission',
          `--allow-fs-read=${settings.builderFile}`,
          '--no-addons',
          '--disable-warning=ExperimentalWarning',
          settings.builderFile,
        ],
        { env: {}, detached: true, stdio: ['ignore', 'ignore', 'pipe', socket] },
      );
      socket.destroy();
      resolve(new Program('builder', child, settings.onLine));
    });
  });
}
