/** A whole vault whose door this process holds: a real gate, journal and builder, and the switch between them. */
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { ChildProcess } from 'node:child_process';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type Attachment,
  type GateAnswer,
  type GateRequest,
  type Unlock,
  attachment,
  gateAnswer,
  gateRequest,
  unlock as unlockCodec,
} from '@counterfoil/vocabulary/protocol';
import { Caller, newIdentity, secureClient, writeFrame } from '@counterfoil/wire';
import { Switch } from '../src/switch/switch.ts';
import {
  builderFile,
  endAfter,
  ending,
  folderFor,
  gateFile,
  gateFlags,
  launcher,
  lineOf,
  spawnGate,
  spawnSwitch,
  startJournal,
  unlockFor,
} from './_programs.ts';

export interface VaultOptions {
  readonly venues?: Unlock['venues'];
  /** Another gate than the built one. */
  readonly gateFile?: string;
  /** Flags of the gate's process besides the launcher's. */
  readonly gateFlags?: readonly string[];
  /** What the switch is given for the door; or a switch that is a process of its own, as in an installation. */
  readonly atDoor?: ((door: Duplex) => Duplex) | 'switch';
  /** Whether a real builder attaches. */
  readonly builder: boolean;
  /** Another journal than the product's. */
  readonly journalFile?: string;
  /** Takes the log's key and gives the policy of those who must cosign it. */
  readonly witnesses?: (logKey: string) => Promise<string>;
}

export interface RunningVault {
  /** The one that was started first. */
  readonly gate: ChildProcess;
  /** Null where none was asked for. */
  readonly builder: ChildProcess | null;
  readonly socketPath: string;
  readonly storeFile: string;
  readonly kek: Uint8Array;
  /** What the journal publishes. */
  readonly publicFolder: string;
  readonly logKey: string;
  /** A worker's connection that the gate has let in. */
  attach(): Promise<TLSSocket>;
  /** A worker that asks in the product's own way. */
  caller(): Promise<Caller<GateRequest, GateAnswer>>;
  /** Kills the gate, and starts it again on the same store with the same journal; its switch must be a process. */
  readonly restart: () => Promise<void>;
}

interface Launched {
  readonly child: ChildProcess;
  readonly builder: ChildProcess | null;
  readonly switchClosed: Promise<unknown>;
}

/** Resolves when the gate is ready. Everything ends with the test. */
export async function startVault(t: TestContext, options: VaultOptions): Promise<RunningVault> {
  const folder = folderFor(t);
  const socketPath = join(folder, 's');
  const storeFile = join(folder, 'store');
  const worker = newIdentity();
  const { journal, witnesses } = await journalWith(t, folder, socketPath, options);
  const unlock = unlockFor({
    ...(witnesses === undefined ? {} : { witnesses }),
    logKey: journal.logKey,
    journalPin: journal.pin,
    worker,
    venues: options.venues ?? [],
  });
  const flags = [...(await gateFlags(t, unlock)), ...(options.gateFlags ?? [])];
  const file = options.gateFile ?? (await gateFile());
  const venues = unlock.venues.map(({ host, port }) => `${host}:${port}`);
  const { atDoor } = options;
  const kek = Uint8Array.from(unlock.kek);
  let gatePin = '';
  const launch = async (genesis: boolean): Promise<Launched> => {
    const store = openSync(storeFile, constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC, 0o600);
    // The gate is spawned in the switch's turn, so that nothing is read from the door here.
    const carrier = atDoor === 'switch' ? spawnSwitch(t, { socketPath, venues }) : null;
    const { child, door } = spawnGate(t, file, flags, store, carrier?.door);
    closeSync(store);
    let switchClosed: Promise<unknown> = Promise.resolve();
    if (carrier !== null) {
      switchClosed = new Promise((resolve) => carrier.child.once('exit', resolve));
      await lineOf(carrier.child, ({ status }) => (status === 'listening' ? true : undefined));
    } else {
      await new Promise<void>((onListening) => {
        switchClosed = new Promise<void>((onClose) => {
          new Switch({
            door: typeof atDoor === 'function' ? atDoor(door) : door,
            socketPath,
            venues: new Set(venues),
            onListening,
            onClose,
          });
        });
      });
    }
    t.after(() => void door.destroy());
    const ready = lineOf(child, ({ status, pin }) => {
      // It is the same after a restart, and the journal knows it then.
      if (status === 'identity' && gatePin === '') journal.serve((gatePin = String(pin)));
      return status === 'ready' ? true : undefined;
    });
    child.stdin?.end(encodeCbor(toCbor(unlockCodec, { ...unlock, genesis })));
    let builder: ChildProcess | null = null;
    if (options.builder) {
      const program = await launcher.launchBuilder({
        builderFile: await builderFile(),
        socketPath,
        onLine: () => {},
      });
      endAfter(t, program.child);
      builder = program.child;
    }
    await ready;
    return { child, builder, switchClosed };
  };
  const { child, builder, switchClosed } = await launch(true);
  let current = { child, switchClosed };
  const attach = async (): Promise<TLSSocket> =>
    secureClient(await attached(t, socketPath, 'worker'), worker, new Set([gatePin]));
  return {
    gate: child,
    builder,
    socketPath,
    storeFile,
    kek,
    publicFolder: join(folder, 'journal', 'public'),
    logKey: journal.logKey,
    attach,
    caller: async () => new Caller(await attach(), gateRequest, gateAnswer),
    restart: async () => {
      current.child.kill('SIGKILL');
      await current.switchClosed;
      current = await launch(false);
    },
  };
}

/** A journal, started again where witnesses first had to be told its key. */
async function journalWith(t: TestContext, folder: string, socketPath: string, options: VaultOptions) {
  if (options.witnesses === undefined)
    return { journal: await startJournal(t, folder, socketPath, options.journalFile) };
  const first = await startJournal(t, folder, socketPath);
  first.child.kill('SIGTERM');
  await ending(first.child);
  const witnesses = await options.witnesses(first.logKey);
  const file = join(folder, 'witnesses.txt');
  writeFileSync(file, witnesses);
  return { journal: await startJournal(t, folder, socketPath, options.journalFile, file), witnesses };
}

/** A connection to the switch that has said what it is. */
export function attached(t: TestContext, socketPath: string, what: Attachment): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    t.after(() => void socket.destroy());
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.on('error', () => {});
      writeFrame(socket, encodeCbor(toCbor(attachment, what)));
      resolve(socket);
    });
  });
}
