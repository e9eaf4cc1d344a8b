/** A vault with a real paper exchange, and a person who brings keys to it. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { userId, venueId } from '@counterfoil/vocabulary';
import type { ConnectionId } from '@counterfoil/vocabulary';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { type Paper, folderFor, startPaper } from './_programs.ts';
import { type RunningVault, startVault } from './_vault.ts';
import { limitBuy } from './_order.ts';

export const venue = venueId.parse('paper');
export const alice = { user: userId.parse('alice'), venue, label: 'main' };
export const bob = { ...alice, user: userId.parse('bob') };

export interface Bench {
  readonly paper: Paper;
  readonly vault: RunningVault;
  readonly ask: (intent: Intent) => Promise<GateResult>;
  readonly begin: (about?: typeof alice) => Promise<Extract<GateResult, { kind: 'enrolment' }>>;
  /** Places a limit order that fills at once or rests; what became of it. */
  readonly order: (connection: ConnectionId, seq: number) => Promise<string>;
}

export async function start(t: TestContext, gate?: string): Promise<Bench> {
  const paper = await startPaper(t, folderFor(t));
  const vault = await startVault(t, {
    venues: [{ venue, host: '127.0.0.1', port: paper.port, caPem: paper.authority }],
    builder: true,
    // A process of its own, which ends with its gate as in an installation.
    atDoor: 'switch',
    ...(gate === undefined ? {} : { gateFile: gate }),
  });
  const caller = await vault.caller();
  const ask = async (intent: Intent): Promise<GateResult> =>
    (await caller.call((id) => ({ id, intent }))).result;
  return {
    paper,
    vault,
    ask,
    begin: async (about = alice) => {
      const enrolment = await ask({ kind: 'enrolBegin', ...about });
      assert.ok(enrolment.kind === 'enrolment');
      return enrolment;
    },
    order: async (connection, seq) => {
      const placed = await ask(limitBuy(connection, seq));
      return placed.kind === 'use' ? placed.use.state : codeOf(placed);
    },
  };
}

export function codeOf(result: GateResult): string {
  return result.kind === 'refused' ? result.code : result.kind;
}

/** An Ed25519 key that the vault makes for Alice; no venue knows it yet. */
export async function bornKey(
  ask: (intent: Intent) => Promise<GateResult>,
): Promise<{ readonly connection: ConnectionId; readonly publicKeyPem: string }> {
  const made = await ask({
    kind: 'keyGenerate',
    assertion: null,
    ...alice,
    type: 'ed25519',
    viewRecipient: null,
  });
  assert.ok(made.kind === 'key' && made.publicKeyPem !== null);
  return { connection: made.connection, publicKeyPem: made.publicKeyPem };
}
