/** A vault with a real paper exchange and one key that is registered there and not checked yet. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryReport } from '@counterfoil/log';
import { verifyHistoryFiles } from '@counterfoil/log/verify';
import { type ConnectionId, userId, venueId } from '@counterfoil/vocabulary';
import type { GateResult, Intent, IntentOf } from '@counterfoil/vocabulary/protocol';
import { type Paper, folderFor, register, startPaper } from './_programs.ts';
import { type VaultOptions, startVault } from './_vault.ts';
import { limitBuy } from './_order.ts';

const venue = venueId.parse('paper');

export interface PaperKey {
  readonly gate: ChildProcess;
  readonly connection: ConnectionId;
  readonly paper: Paper;
  readonly ask: (intent: Intent) => Promise<GateResult>;
  readonly listen: (intent: IntentOf<'streamOpen'>, onResult: (result: GateResult) => void) => void;
  /** Another worker's line. */
  readonly second: () => Promise<Pick<PaperKey, 'ask' | 'listen'>>;
  check(): Promise<GateResult>;
  order(seq: number): Promise<GateResult>;
  /** What the published log says of the key. */
  history(heartbeatMsMax: number): Promise<HistoryReport>;
}

export async function startPaperKey(
  t: TestContext,
  options: Omit<VaultOptions, 'venues' | 'builder'>,
): Promise<PaperKey> {
  const folder = folderFor(t);
  const paper = await startPaper(t, folder);
  const venues = [{ venue, host: '127.0.0.1', port: paper.port, caPem: paper.authority }];
  const vault = await startVault(t, { ...options, venues, builder: true });
  const second = async (): Promise<Pick<PaperKey, 'ask' | 'listen'>> => {
    const caller = await vault.caller();
    return {
      ask: async (intent) => (await caller.call((id) => ({ id, intent }))).result,
      listen: (intent, onResult) =>
        caller.listen(
          (id) => ({ id, intent }),
          ({ result }) => onResult(result),
        ),
    };
  };
  const { ask, listen } = await second();
  const user = userId.parse('demo');
  const made = await ask({
    kind: 'keyGenerate',
    assertion: null,
    user,
    venue,
    label: '',
    type: 'ed25519',
    viewRecipient: null,
  });
  assert.ok(made.kind === 'key' && made.viewKey !== null && made.publicKeyPem !== null);
  const { connection, viewKey } = made;
  const apiKeyId = await register(paper, made.publicKeyPem);
  const policyFile = join(folder, 'policy.txt');
  writeFileSync(policyFile, `log ${vault.logKey}\nquorum none\n`);
  return {
    gate: vault.gate,
    connection,
    paper,
    ask,
    listen,
    second,
    check: () => ask({ kind: 'keyCheck', connection, apiKeyId }),
    order: (seq) => ask(limitBuy(connection, seq)),
    history: async (heartbeatMsMax) => {
      while (!existsSync(join(vault.publicFolder, 'checkpoint'))) await sleep(50);
      return verifyHistoryFiles({
        policyFile,
        log: vault.publicFolder,
        connection: { venue, apiKeyId, epoch: 0, viewKey },
        heartbeatMsMax,
      });
    },
  };
}
