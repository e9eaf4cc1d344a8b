/**
 * The desk: starts the programs of an installation in the order in which they need each other, restarts the ones
 * that die, and stops them in the opposite order.
 */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningDatabase, migrate, startDatabase, startPresets } from '@counterfoil/server';
import { venueId } from '@counterfoil/vocabulary';
import type { IsolationLevel } from '@counterfoil/vocabulary/gate-flags';
import type { HostPort } from '@counterfoil/wire';
import { restoredAs, writeWhole } from './data-folder.ts';
import type { DeskOptions } from './desk-options.ts';
import { followLive, followRecording, lookAtFeeds } from './feeds.ts';
import { VaultEnded } from './gate-exits.ts';
import { peerIdentity } from './local-keys.ts';
import { type Paper, paperOf } from './paper.ts';
import { Program, ProgramEnded } from './program.ts';
import { recordingArguments } from './recording.ts';
import { type RemotePeer, remotePeers } from './remote-workers.ts';
import { type VaultPrograms, launchBuilder, launchVault } from './vault-programs.ts';
import { doorSettings, keepAdmitting } from './worker-door.ts';

const packages = join(import.meta.dirname, '../..');
const lifeline = join(import.meta.dirname, 'lifeline.ts');
/** Pause before a program that died is started again; it doubles while the start fails. */
const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 5_000;

/** Names of the programs that a desk supervises. */
export type ProgramName =
  | 'paper'
  | 'journal'
  | 'gate'
  | 'switch'
  | 'builder'
  | 'server'
  | 'worker-door'
  | `worker-${number}`;

export class Desk {
  readonly #options: DeskOptions;
  /** As the gate hears of them when it is unlocked, until the next start. */
  readonly #remotePeers: readonly RemotePeer[];
  readonly #programs = new Map<ProgramName, Program>();
  #stopping = false;
  #fatal: (error: Error) => void = () => {};
  /** Rejects when the installation cannot go on. */
  readonly failed: Promise<never>;
  #database: RunningDatabase | null = null;
  #databaseStarting: Promise<RunningDatabase> | null = null;
  #paper: Paper | null = null;
  #logKey = '';
  #gatePin = '';
  #vaultHash = '';
  #isolation: IsolationLevel | null = null;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#remotePeers = remotePeers(options.folder.vault);
    this.failed = new Promise((_resolve, reject) => (this.#fatal = reject));
    this.failed.catch(() => undefined);
  }

  /** Starts everything; resolves when orders can be placed. */
  async start(): Promise<void> {
    const { folder } = this.#options;
    rmSync(folder.switchSocket, { force: true });
    // All three are waited for, whichever fails: a database that is still starting must be there to be stopped.
    const starting = [this.#startDatabase(), this.#startPaper(), this.#startJournal()] as const;
    await Promise.allSettled(starting);
    const [database] = await Promise.all(starting);
    await this.#startVault();
    await this.#startServer(database);
    await Promise.all(this.#workerNames.map((name) => this.#startWorker(name)));
    if (this.#options.workerDoor !== undefined) await this.#startWorkerDoor(this.#options.workerDoor);
    if (this.#paper?.origin !== 'live') await this.#startPresets(database);
    void this.#followFeeds(database);
    writeWhole(
      join(folder.run, 'ready.json'),
      `${JSON.stringify({ port: this.#options.port, pid: process.pid })}\n`,
    );
  }

  /** The process ids of what runs now, by name. */
  running(): ReadonlyMap<ProgramName, number> {
    const pids = [...this.#programs].map(([name, program]) => [name, program.child.pid ?? 0] as const);
    return new Map(pids);
  }

  get database(): RunningDatabase | null {
    return this.#database;
  }

  /** Where simulated accounts are opened and keys registered; loopback only. */
  get paperAdminUrl(): string {
    return this.#paper?.adminUrl ?? '';
  }

  /** The paper exchange's own address: public data, and the trading interface that the vault speaks to. */
  get paperUrl(): string {
    return `https://localhost:${this.#paper?.port}`;
  }

  /** Where the prices come from, in a few words. */
  get prices(): string {
    return this.#paper?.prices ?? '';
  }

  /** What others compare to know this vault, lower-case hex. */
  get vaultHash(): string {
    return this.#vaultHash;
  }

  /** How far the running gate is closed, as it found itself. */
  get isolation(): IsolationLevel | null {
    return this.#isolation;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    rmSync(join(this.#options.folder.run, 'ready.json'), { force: true });
    // Who sends stops first, while the vault still answers; who keeps the record last. A signal does not end a sealed
    // gate: its closed door does.
    const stop = async (name: ProgramName): Promise<void> => this.#programs.get(name)?.stop();
    // Before local workers leave, so that theirs is not taken over by machines that lose the vault next.
    await stop('worker-door');
    await Promise.all((['server', ...this.#workerNames] as const).map(stop));
    for (const name of ['switch', 'gate', 'builder', 'journal', 'paper'] as const) await stop(name);
    // One that was still starting when the stop came is stopped as soon as it runs.
    const database = await this.#databaseStarting?.catch(() => null);
    await database?.stop();
  }

  /** Ends everything at once. What was durable is found again; what was under way is unknown until the next start. */
  kill(): void {
    this.#stopping = true;
    for (const program of this.#programs.values()) program.child.kill('SIGKILL');
    this.#database?.kill();
  }

  /** A start that goes on while a stop is asked for begins nothing more. */
  #refuseWhenStopping(): void {
    if (this.#stopping) throw new Error('a stop was asked for');
  }

  async #startDatabase(): Promise<RunningDatabase> {
    const { folder, databaseUrl, log } = this.#options;
    this.#databaseStarting = startDatabase({ folder: folder.database, databaseUrl, log });
    const database = await this.#databaseStarting;
    this.#database = database;
    await migrate(database);
    void database.exited.then(({ expected }) =>
      expected ? undefined : this.#again('database', () => this.#startDatabase()),
    );
    return database;
  }

  async #startPaper(): Promise<void> {
    const { folder } = this.#options;
    const program = this.#spawn('paper', join(packages, 'venues/src/paper/main.ts'), [
      '--folder',
      folder.paper,
      '--port',
      String(this.#paper?.port ?? 0),
      '--admin-port',
      this.#paper === null ? '0' : new URL(this.#paper.adminUrl).port,
      ...recordingArguments(this.#options.recording),
      ...(this.#options.live === undefined ? [] : ['--live', this.#options.live]),
    ]);
    const said = await program.status((status) => (typeof status['url'] === 'string' ? status : undefined));
    this.#paper = paperOf(said);
    this.#restartWhenEnded(program, () => this.#startPaper());
  }

  async #startJournal(): Promise<void> {
    const { folder } = this.#options;
    const identityFile = join(folder.log, 'peer.pem');
    peerIdentity(identityFile);
    const settings = {
      folder: join(folder.log, 'journal'),
      origin: `${folder.vaultId}.counterfoil.local/keyuse`,
      socketPath: this.#options.folder.switchSocket,
      identityFile,
      ...(existsSync(this.#witnessesFile) ? { witnessesFile: this.#witnessesFile } : {}),
    };
    const program = this.#spawn('journal', join(packages, 'log/src/journal/main.ts'), [
      JSON.stringify(settings),
    ]);
    this.#logKey = await program.status((status) =>
      status['status'] === 'opened' ? String(status['logKey']) : undefined,
    );
    // What `counterfoil verify` checks against: this log, and the witnesses that the operator chose.
    writeWhole(
      join(folder.log, 'policy.txt'),
      `log ${this.#logKey}\n${this.#witnesses() ?? 'quorum none\n'}`,
    );
    if (this.#gatePin !== '') this.#tell(program, { gatePin: this.#gatePin });
    this.#restartWhenEnded(program, () => this.#startJournal());
  }

  /** A C2SP tlog-policy without its log line, which the operator puts there. */
  get #witnessesFile(): string {
    return join(this.#options.folder.log, 'witnesses.txt');
  }

  #witnesses(): string | null {
    return existsSync(this.#witnessesFile) ? readFileSync(this.#witnessesFile, 'utf8') : null;
  }

  async #startVault(): Promise<void> {
    const { folder, gateFile, builderFile, log } = this.#options;
    const paper = this.#paper;
    if (paper === null) throw new Error('the paper exchange starts before the vault');
    this.#refuseWhenStopping();
    const storeFile = join(folder.vault, 'paper.store');
    rmSync(this.#options.folder.switchSocket, { force: true });
    const vault = launchVault({
      gateFile,
      builderFile,
      storeFile,
      socketPath: this.#options.folder.switchSocket,
      onLine: log,
      isolation: this.#options.isolation,
      unlock: {
        vaultId: folder.vaultId,
        kek: this.#options.storeKey.take(),
        genesis: !existsSync(join(folder.vault, 'identity')),
        journalPin: peerIdentity(join(folder.log, 'peer.pem')).pin,
        workerPins: [
          ...['worker', ...this.#workerNames].map((name) => peerIdentity(this.#identityFile(name)).pin),
          ...this.#remotePeers.map(({ pin }) => pin),
        ],
        logKey: this.#logKey,
        witnesses: this.#witnesses(),
        origin: `http://localhost:${this.#options.port}`,
        restored: restoredAs(folder.vault),
        venues: [
          { venue: venueId.parse('paper'), host: '127.0.0.1', port: paper.port, caPem: paper.authority },
        ],
      },
    });
    this.#remember(vault.switch);
    this.#remember(vault.gate);
    if (this.#options.onGateStatus !== undefined) vault.gate.onStatus(this.#options.onGateStatus);
    try {
      await this.#openVault(vault);
    } catch (error) {
      vault.switch.child.kill('SIGKILL');
      const { exitCode } = await this.#endVault(vault);
      throw error instanceof ProgramEnded ? new VaultEnded(exitCode) : error;
    }
    void Promise.race([vault.gate.ended, vault.switch.ended]).then(() => this.#restartVault(vault));
  }

  async #openVault(vault: VaultPrograms): Promise<void> {
    this.#isolation = await vault.isolation;
    await vault.switch.status((status) => (status['status'] === 'listening' ? true : undefined));
    const { pin, hash } = await vault.gate.status((status) =>
      status['status'] === 'identity'
        ? { pin: String(status['pin']), hash: String(status['vault']) }
        : undefined,
    );
    this.#vaultHash = hash;
    if (this.#gatePin === '') {
      this.#gatePin = pin;
      writeWhole(join(this.#options.folder.vault, 'identity'), `${pin}\n`);
      const journal = this.#programs.get('journal');
      if (journal !== undefined) this.#tell(journal, { gatePin: pin });
    }
    await this.#startBuilder();
    await vault.gate.status((status) => (status['status'] === 'ready' ? true : undefined));
  }

  async #startBuilder(): Promise<void> {
    const { builderFile, log } = this.#options;
    const program = await launchBuilder({
      builderFile,
      socketPath: this.#options.folder.switchSocket,
      onLine: log,
    });
    this.#remember(program);
    const carrier = this.#programs.get('switch');
    // A builder ends with its switch; then the vault's restart brings another.
    void program.ended.then(() => {
      if (carrier?.running === true) void this.#again('builder', () => this.#startBuilder());
    });
  }

  async #restartVault(vault: VaultPrograms): Promise<void> {
    const { exitCode } = await this.#endVault(vault);
    if (this.#stopping) return;
    const ended = new VaultEnded(exitCode);
    this.#options.log(ended.message);
    if (ended.final) return this.#fatal(ended);
    await this.#again('gate', () => this.#startVault());
  }

  /** Gate and switch share a socket pair that only a new pair replaces: if one ends, both do. */
  async #endVault(vault: VaultPrograms): Promise<ProgramEnded> {
    await Promise.race([vault.gate.ended, vault.switch.ended]);
    // A gate that ends by itself closes the door and says why by its code; one without a switch does so too.
    vault.switch.child.kill('SIGKILL');
    const end = await vault.gate.ended;
    await vault.switch.ended;
    return end;
  }

  async #startServer(database: Pick<RunningDatabase, 'url'>): Promise<void> {
    const { folder, port } = this.#options;
    const paper = this.#paper;
    if (paper === null) throw new Error('the paper exchange starts before the server');
    const tokenFile = join(folder.run, 'token');
    if (!existsSync(tokenFile)) writeWhole(tokenFile, randomBytes(32).toString('hex'));
    const program = this.#spawn('server', join(packages, 'server/src/main.ts'), []);
    this.#tell(program, {
      databaseUrl: database.url,
      port,
      pages: this.#options.pages,
      recordings: folder.market,
      token: readFileSync(tokenFile, 'utf8'),
      socketPath: this.#options.folder.switchSocket,
      identityFile: this.#identityFile('worker'),
      gatePin: this.#gatePin,
      paperAdminUrl: paper.adminUrl,
      connectionFile: join(folder.demo, 'connection.json'),
      policyFile: join(folder.log, 'policy.txt'),
      webhookAddresses: this.#options.webhookAddresses,
      venueUrl: `https://localhost:${paper.port}`,
      authorityFile: paper.authorityFile,
    });
    await program.status((status) => (status['status'] === 'listening' ? true : undefined));
    await program.status((status) => (status['status'] === 'attached' ? true : undefined));
    this.#restartWhenEnded(program, () => this.#startServer(database));
  }

  async #startWorker(name: `worker-${number}`): Promise<void> {
    if (this.#paper === null || this.#database === null) throw new Error('workers start last');
    const program = this.#spawn(name, join(packages, 'server/src/runner/main.ts'), []);
    this.#tell(program, {
      databaseUrl: this.#database.url,
      worker: name,
      socketPath: this.#options.folder.switchSocket,
      identityFile: this.#identityFile(name),
      gatePin: this.#gatePin,
      venueUrl: this.paperUrl,
      authorityFile: this.#paper.authorityFile,
    });
    await program.status((status) => (status['status'] === 'attached' ? true : undefined));
    this.#restartWhenEnded(program, () => this.#startWorker(name));
  }

  async #startWorkerDoor(address: HostPort): Promise<void> {
    if (this.#paper === null || this.#database === null) throw new Error('the door opens last');
    const settings = {
      folder: this.#options.folder,
      address,
      databaseUrl: this.#database.url,
      gatePin: this.#gatePin,
      paper: this.#paper,
      known: this.#remotePeers,
    };
    const first = await doorSettings(settings);
    const program = this.#spawn('worker-door', join(packages, 'vault/src/worker-door/main.ts'), []);
    this.#tell(program, first);
    await program.status((status) => (status['status'] === 'listening' ? true : undefined));
    keepAdmitting(program, (message) => this.#tell(program, message), settings);
    this.#restartWhenEnded(program, () => this.#startWorkerDoor(address));
  }

  /** The first bots of a live market wait for its first price. */
  async #followFeeds(database: Pick<RunningDatabase, 'url'>): Promise<void> {
    const { recording, log, onRecordingEnded, onLiveChanged } = this.#options;
    const feeds = lookAtFeeds(this.paperAdminUrl, () => this.#stopping);
    if (recording !== null) await followRecording(feeds, onRecordingEnded);
    else if (this.#paper?.origin === 'live') {
      const start = (): Promise<void> =>
        this.#startPresets(database).catch((error: unknown) => log(`desk: no first bots: ${String(error)}`));
      await followLive(feeds, start, onLiveChanged);
    }
  }

  async #startPresets(database: Pick<RunningDatabase, 'url'>): Promise<void> {
    const { presets, recording } = this.#options;
    if (!presets || this.#paper === null) return;
    await startPresets({
      databaseUrl: database.url,
      venueUrl: this.paperUrl,
      ca: this.#paper.authority,
      symbol: recording?.symbol ?? 'BTCUSDT',
      origin: this.#paper.origin,
    });
  }

  get #workerNames(): readonly `worker-${number}`[] {
    return Array.from({ length: this.#options.workers }, (_, n) => `worker-${n + 1}` as const);
  }

  #identityFile(name: string): string {
    return join(this.#options.folder.vault, `${name}.pem`);
  }

  #spawn(name: ProgramName, file: string, arguments_: readonly string[]): Program {
    this.#refuseWhenStopping();
    // The lifeline is preloaded where a program does not read its standard input itself.
    const preload = name === 'paper' ? ['--import', lifeline] : [];
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...preload, file, ...arguments_],
      // A session of its own: Ctrl-C in a terminal reaches the desk alone, which stops all in order.
      { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
    );
    child.stdin.on('error', () => {});
    const program = new Program(name, child, this.#options.log);
    this.#remember(program);
    return program;
  }

  #remember(program: Program): void {
    this.#programs.set(program.name as ProgramName, program);
  }

  #tell(program: Program, message: unknown): void {
    program.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #restartWhenEnded(program: Program, start: () => Promise<unknown>): void {
    void program.ended.then((end) => {
      if (!this.#stopping) this.#options.log(`${end.message}; starting it again`);
      return this.#again(program.name as ProgramName, start);
    });
  }

  /** Starts something again until it runs; pauses grow while starting itself fails. */
  async #again(name: ProgramName | 'database', start: () => Promise<unknown>): Promise<void> {
    for (let pauseMs = PAUSE_MS_MIN; !this.#stopping; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (this.#stopping) return;
      try {
        await start();
        return;
      } catch (error) {
        if (error instanceof VaultEnded && error.final) return this.#fatal(error);
        this.#options.log(`${name}: ${String(error)}`);
      }
    }
  }
}
