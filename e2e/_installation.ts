/** A whole installation for tests: the desk's own programs in a folder of their own, on a port of their own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chainTag,
  deriveChainKeys,
  hexOf,
  isPrivateLeaf,
  openLeaf,
  parseConnection,
  parseLeaf,
} from '@counterfoil/log';
import { Journal } from '@counterfoil/log/journal';
import { nodePrimitives } from '@counterfoil/log/node';
import { type LeafPayload, decodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { openDataFolder } from '../packages/desk/src/data-folder.ts';
import type { DeskOptions } from '../packages/desk/src/desk-options.ts';
import { Desk, type ProgramName } from '../packages/desk/src/desk.ts';
import { type StoreKey, openStoreKey } from '../packages/desk/src/store-key.ts';
import { readPostmasterFile } from '../packages/server/src/database/postmaster-file.ts';
import { type GateVariant, buildProgram } from '../packages/vault/build/build.ts';
import { buildWeb } from '../packages/web/build/build.ts';

/** Restarts of several programs in a row take a second or two; a loaded machine ten times that. */
const WELL_MS_MAX = 60_000;

export interface Placed {
  readonly seq: number;
  readonly state: string;
  readonly clientOrderId: string | null;
  readonly receipt: string | null;
}

export interface VenueOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly status: string;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Installation {
  readonly root: string;
  readonly desk: Desk;
  readonly port: number;
  readonly lines: string[] = [];
  /** Called at every point of the write path of a gate that stops at them. */
  onPoint: (point: string) => void = () => {};

  private constructor(
    root: string,
    port: number,
    gateFile: string,
    builderFile: string,
    pages: string,
    storeKey: StoreKey,
    extra: Partial<DeskOptions>,
  ) {
    this.root = root;
    this.port = port;
    this.desk = new Desk({
      folder: openDataFolder(root),
      port,
      databaseUrl: undefined,
      storeKey,
      webhookAddresses: [],
      workers: 1,
      recording: null,
      presets: false,
      isolation: 'L1',
      gateFile,
      builderFile,
      pages,
      log: (line) => this.lines.push(line),
      onGateStatus: (status) => {
        if (status['status'] === 'point') this.onPoint(String(status['point']));
      },
      ...extra,
    });
  }

  static async start(
    variant: GateVariant,
    root = mkdtempSync(join(tmpdir(), 'counterfoil-')),
    extra: Partial<DeskOptions> = {},
  ): Promise<Installation> {
    const gate = await buildProgram('gate', variant);
    const builder = await buildProgram('builder');
    const pages = await buildWeb();
    const storeKey = await openStoreKey({
      folder: openDataFolder(root).vault,
      asked: undefined,
      credentials: undefined,
      askPassphrase: () => Promise.resolve(new Uint8Array()),
    });
    const port = await freePort();
    const installation = new Installation(root, port, gate.path, builder.path, pages, storeKey, extra);
    try {
      await installation.desk.start();
    } catch (error) {
      await installation.stop();
      installation.remove();
      throw new Error(`the installation did not start:\n${installation.lines.join('\n')}`, { cause: error });
    }
    return installation;
  }

  kill(name: ProgramName | 'database'): void {
    const pid = name === 'database' ? this.#postmaster : this.desk.running().get(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It has ended by itself: another program's death takes some with it.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** The database's first process; undefined while there is none. */
  get #postmaster(): number | undefined {
    const root = databaseRoot(this.root) ?? join(this.root, 'database', 'postgres');
    return readPostmasterFile(join(root, 'cluster'))?.pid;
  }

  async #get(path: string): Promise<unknown> {
    const token = readFileSync(join(this.root, 'run', 'token'), 'utf8');
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { headers });
    if (answer.status === 404) throw new Error(`${path} is not there`);
    return answer.json();
  }

  /** A small market order; null where the server died on the way. */
  async place(order: Readonly<Record<string, string | null>> = {}): Promise<Placed | null> {
    const token = readFileSync(join(this.root, 'run', 'token'), 'utf8');
    const body = {
      symbol: 'BTCUSDT',
      side: 'buy',
      type: 'market',
      amount: '0.001',
      sizedBy: 'base',
      price: null,
      timeInForce: null,
    };
    try {
      const answer = await fetch(`http://127.0.0.1:${this.port}/v1/paper/orders`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, ...order }),
      });
      return (await answer.json()) as Placed;
    } catch {
      return null;
    }
  }

  /** The sequence of the newest order in the ledger. */
  async lastSeq(): Promise<number> {
    const order = await this.place();
    if (order === null) throw new Error('the server is not there');
    return order.seq;
  }

  /** The ledger's view of orders 1 to `last` once nothing in it is unknown. */
  async settled(last: number): Promise<readonly Placed[]> {
    let orders: Placed[] = [];
    await this.until('every unknown is resolved', async () => {
      orders = [];
      for (let seq = 1; seq <= last; seq++) orders.push(await this.find(seq));
      return orders.every((order) => order.state !== 'unknown' && order.state !== 'journalled');
    });
    return orders;
  }

  find(seq: number): Promise<Placed> {
    return this.#get(`/v1/paper/orders/${seq}`) as Promise<Placed>;
  }

  /** Resolves when every program runs and the vault answers. */
  async well(): Promise<void> {
    await this.until('every program runs again', async () => {
      try {
        const health = (await this.#get('/healthz')) as { readonly status: string };
        return health.status === 'ok';
      } catch {
        return false;
      }
    });
  }

  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + WELL_MS_MAX;
    while (!(await holds())) {
      if (Date.now() > end)
        throw new Error(`${what}: not within ${WELL_MS_MAX} ms\n${this.lines.slice(-20).join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the paper exchange holds for the demo account, straight from its admin address. */
  async venueOrders(): Promise<readonly VenueOrder[]> {
    const url = this.desk.paperAdminUrl;
    return (await (await fetch(`${url}/orders`)).json()) as VenueOrder[];
  }

  /** Every leaf of the demo's chain, read from the stopped installation's log. */
  async leaves(): Promise<readonly LeafPayload[]>;
  /** Every leaf after the seal leaf of the chain that this key reads. */
  async leaves(given: Uint8Array): Promise<readonly LeafPayload[]>;
  async leaves(given?: Uint8Array): Promise<readonly LeafPayload[]> {
    const { viewKey } =
      given === undefined
        ? parseConnection(readFileSync(join(this.root, 'demo', 'connection.json')))
        : { viewKey: given };
    const keys = deriveChainKeys(nodePrimitives, viewKey);
    const journal = await Journal.open(join(this.root, 'log', 'journal'));
    const found: LeafPayload[] = [];
    try {
      const { size } = journal.head();
      for (const entry of journal.read(0, size)) {
        if (!isPrivateLeaf(entry)) continue;
        const leaf = parseLeaf(entry);
        const seq = found.length + (given === undefined ? 0 : 1);
        // The seal leaf's tag comes from the key's id at the venue; it is the chain's first.
        if (seq > 0 && hexOf(chainTag(nodePrimitives, keys, seq)) !== hexOf(leaf.tag)) continue;
        found.push(decodeLeafPayload(openLeaf(nodePrimitives, keys, leaf, seq)));
      }
      return found;
    } finally {
      await journal.close();
    }
  }

  async stop(): Promise<void> {
    await this.desk.stop();
  }

  remove(): void {
    removeHome(this.root);
  }
}

/** Where a start as root puts the database when its user cannot reach the data folder; undefined when it is inside. */
export function databaseRoot(home: string): string | undefined {
  const pointer = join(home, 'database', 'postgres-location.json');
  if (!existsSync(pointer)) return undefined;
  return (JSON.parse(readFileSync(pointer, 'utf8')) as { readonly root: string }).root;
}

/** Removes a data folder, and the database that root's start put elsewhere. */
export function removeHome(root: string): void {
  const elsewhere = databaseRoot(root);
  if (elsewhere !== undefined) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
}
