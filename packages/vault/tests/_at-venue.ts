/** A real gate with one venue, live or not, that answers in this process, and people who bring their keys to it. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { newViewRecipient, sealSecret } from '@counterfoil/seal';
import { type ConnectionId, userId, venueId } from '@counterfoil/vocabulary';
import type { GateResult, Intent } from '@counterfoil/vocabulary/protocol';
import { Authority } from './_authority.ts';
import { hostileSwitch } from './_hostile-switch.ts';
import { plant } from './_planted-build.ts';
import { folderFor, gateFile } from './_programs.ts';
import { type Relay, relayBuilder } from './_relay-builder.ts';
import { startVault } from './_vault.ts';
import { Venue } from './_venue.ts';
import { limitBuy } from './_order.ts';

/** Where each venue is. */
export const places = {
  paper: { host: '127.0.0.1', port: 7341 },
  binance: { host: 'api.binance.com', port: 443 },
  kraken: { host: 'api.kraken.com', port: 443 },
} as const;
export type Name = keyof typeof places;

export type Change = Parameters<typeof plant>[2];

export interface Scene {
  readonly venue: Venue;
  readonly gate: ChildProcess;
  /** How its builder says what the real one built. */
  readonly builder: { relay: Relay };
  /** Where the gate's streams to venues were to go. */
  readonly dialled: ReadonlySet<string>;
  readonly ask: (intent: Intent) => Promise<GateResult>;
  /** A secret of a user, sealed and taken in under an id that the venue gave; the connection, or the refusal. */
  readonly connect: (user: string, apiKeyId: string) => Promise<ConnectionId>;
  readonly check: (connection: ConnectionId) => Promise<string>;
  readonly order: (connection: ConnectionId, seq: number) => Promise<string>;
}

/** The kind of an answer, or the code of a refusal. */
export const said = (result: GateResult): string => (result.kind === 'refused' ? result.code : result.kind);

/**
 * A gate with one venue, which answers in this process. A live venue is believed under the roots that Node brings;
 * the copy of the gate here has a test's authority in their place, and nothing else is another.
 */
export async function start(
  t: TestContext,
  name: Name,
  more: readonly Change[] = [],
  isTrusted = true,
  journalFile?: string,
): Promise<Scene> {
  const { host, port } = places[name];
  const venue = new Venue();
  const authority = new Authority();
  const certificate = authority.issue(host);
  const dialled = new Set<string>();
  const isLive = name !== 'paper';
  const roots = { from: '[...rootCertificates]', to: JSON.stringify([authority.certificate]) };
  let file = await gateFile();
  for (const change of [...(isLive && isTrusted ? [roots] : []), ...more])
    file = plant(folderFor(t), file, change);
  const vault = await startVault(t, {
    venues: [{ venue: venueId.parse(name), host, port, caPem: isLive ? '' : authority.certificate }],
    builder: false,
    ...(journalFile === undefined ? {} : { journalFile }),
    gateFile: file,
    atDoor: hostileSwitch((stream, toHost, toPort) => {
      dialled.add(`${toHost}:${toPort}`);
      venue.serve(stream, certificate);
    }),
  });
  const builder = await relayBuilder(t, vault.socketPath);
  const caller = await vault.caller();
  const ask = async (intent: Intent): Promise<GateResult> =>
    (await caller.call((id) => ({ id, intent }))).result;
  return {
    venue,
    gate: vault.gate,
    builder,
    dialled,
    ask,
    connect: async (user, apiKeyId) => {
      const about = { user: userId.parse(user), venue: venueId.parse(name), label: '' };
      const enrolment = await ask({ kind: 'enrolBegin', ...about });
      assert.ok(enrolment.kind === 'enrolment');
      const { publicKey } = await newViewRecipient();
      const blob = await sealSecret(enrolment, about, {
        type: 'hmac',
        secret: Buffer.from(randomBytes(64).toString('base64')),
        apiKeyId: Buffer.from(apiKeyId),
        viewRecipient: publicKey,
      });
      const made = await ask({ kind: 'keySeal', assertion: null, blob });
      assert.ok(made.kind === 'key', said(made));
      return made.connection;
    },
    check: async (connection) => said(await ask({ kind: 'keyCheck', connection, apiKeyId: null })),
    order: async (connection, seq) => {
      const placed = await ask(limitBuy(connection, seq));
      return placed.kind === 'use' ? placed.use.state : said(placed);
    },
  };
}
