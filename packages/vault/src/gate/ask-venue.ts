/** One signed request to a venue: built by the builder, explained by the wire check, signed and sent by the gate. */
import { randomBytes } from 'node:crypto';
import type { BuildMethod, BuilderAnswer } from '@counterfoil/vocabulary/protocol';
import type { BuilderClient } from './builder-client.ts';
import { nowMs } from './clock.ts';
import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';
import type { VenueAnswer } from './venue-client.ts';
import { type CheckedRequest, WireCheckError, checkWire } from './wire-check.ts';

/** An Ed25519 signature has 64 bytes; its placeholder too, so that the text has the final length. */
const SIGNATURE_BYTES = 64;
/** Binance's keys are 64 characters; the placeholder has the same shape. */
const API_KEY_HEX_BYTES = 32;

/** A request that may be sent: nothing of it has left. Throws `Refusal`. */
export async function buildChecked(
  builder: BuilderClient,
  connection: Connection,
  method: BuildMethod,
): Promise<CheckedRequest> {
  const { venue } = connection;
  const atMs = nowMs();
  const apiKey = randomBytes(API_KEY_HEX_BYTES).toString('hex');
  const signature = randomBytes(SIGNATURE_BYTES);
  const answer = await builder.ask({
    kind: 'build',
    venue: connection.key.venue,
    origin: venue.origin,
    method,
    atMs,
    validMs: venue.manifest.validMs,
    placeholders: { apiKey, signature },
  });
  if (answer?.kind !== 'built') {
    throw new Refusal('builder-unavailable', 'The request could not be built; nothing was sent. Try again.');
  }
  try {
    return checkWire(answer.request, {
      manifest: venue.manifest,
      origin: venue.origin,
      method,
      atMs,
      apiKeyPlaceholder: apiKey,
      signaturePlaceholder: encodeURIComponent(signature.toString('base64')),
    });
  } catch (error) {
    if (!(error instanceof WireCheckError)) throw error;
    throw new Refusal(
      'wire-check',
      `The built request is not what was asked: ${error.message}. Nothing was sent.`,
    );
  }
}

export type Parsed = Exclude<BuilderAnswer, { kind: 'built' | 'failed' }>;

/** What the venue's answer says, or null where nobody can tell. */
export async function parseAnswer(
  builder: BuilderClient,
  connection: Connection,
  method: BuildMethod['kind'],
  answer: VenueAnswer,
): Promise<Parsed | null> {
  const parsed = await builder.ask({
    kind: 'parse',
    venue: connection.key.venue,
    method,
    status: answer.status,
    body: answer.body,
  });
  return parsed === null || parsed.kind === 'built' || parsed.kind === 'failed' ? null : parsed;
}
