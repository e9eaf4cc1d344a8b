/** A vault as the desk launches it, with one checked key at the bench's venue. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ConnectionId, userId, venueId } from '@counterfoil/vocabulary';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { buildProgram } from '../../packages/vault/build/build.ts';
import { folderFor } from '../../packages/vault/tests/_programs.ts';
import { startVault } from '../../packages/vault/tests/_vault.ts';
import { limitBuy } from '../../packages/vault/tests/_order.ts';

const KEYS = 40;

export interface Installation {
  readonly place: () => Promise<void>;
  readonly gateMb: () => number;
  readonly builderMb: () => number;
  readonly stop: () => Promise<void>;
}

/** `tmp` is where journal and store lie: a disk, or memory, where a sync costs nothing. */
export async function startInstallation(
  venue: { readonly port: number; readonly authority: string },
  tmp: string,
  mode: 'launched' | 'jitless' = 'launched',
): Promise<Installation> {
  process.env['TMPDIR'] = tmp;
  const ends: (() => unknown)[] = [];
  // What the helpers of the tests use of a test: something to do at its end.
  const t = { after: (end: () => unknown) => void ends.push(end) } as TestContext;
  folderFor(t);
  const paper = venueId.parse('paper');
  const venues = [{ venue: paper, host: '127.0.0.1', port: venue.port, caPem: venue.authority }];
  const vault = await startVault(t, {
    venues,
    builder: true,
    atDoor: 'switch',
    ...(mode === 'jitless' ? { gateFile: await jitlessGate(folderFor(t)), gateFlags: ['--jitless'] } : {}),
  });
  const caller = await vault.caller();
  const ask = async (intent: Intent): Promise<GateResult> =>
    (await caller.call((id) => ({ id, intent }))).result;
  // The demo mandate allows a key 6,000 orders a minute: as many keys as one minute of the bench needs.
  const connections: ConnectionId[] = [];
  while (connections.length < KEYS) {
    const made = await ask({
      kind: 'keyGenerate',
      assertion: null,
      user: userId.parse(`bench${connections.length}`),
      venue: paper,
      label: '',
      type: 'ed25519',
      viewRecipient: null,
    });
    if (made.kind !== 'key') throw new Error(`no key: ${made.kind}`);
    const apiKeyId = randomBytes(32).toString('hex');
    const checked = await ask({ kind: 'keyCheck', connection: made.connection, apiKeyId });
    if (checked.kind !== 'permissions')
      throw new Error(
        `the key was not taken: ${checked.kind === 'refused' ? checked.sentence : checked.kind}`,
      );
    connections.push(made.connection);
  }
  let count = 0;
  const place = async (): Promise<void> => {
    const order = count++;
    const connection = connections[order % KEYS];
    if (connection === undefined) throw new Error('no key');
    const result = await ask(limitBuy(connection, Math.floor(order / KEYS)));
    if (result.kind !== 'use' || result.use.state !== 'accepted')
      throw new Error(result.kind === 'refused' ? result.sentence : 'not accepted');
  };
  return {
    place,
    gateMb: () => residentMb(vault.gate.pid ?? 0),
    builderMb: () => residentMb(vault.builder?.pid ?? 0),
    stop: async () => {
      caller.close();
      for (const end of ends.toReversed()) await end();
    },
  };
}

/** The gate refuses flags that are not the launcher's, so this copy of it expects one more. */
async function jitlessGate(folder: string): Promise<string> {
  const source = readFileSync((await buildProgram('gate')).path, 'utf8');
  const last = '"--disable-warning=ExperimentalWarning"';
  if (source.split(last).length !== 2) throw new Error('the gate no longer ends its flags as it did');
  const file = join(folder, 'gate.mjs');
  writeFileSync(file, source.replace(last, `${last}, "--jitless"`));
  return file;
}

function residentMb(pid: number): number {
  const status = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
  return Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1] ?? 0) / 1_024;
}
