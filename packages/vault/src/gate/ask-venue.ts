/** One signed request to a venue: planned, built by the builder, explained by the wire check, signed and sent. */
import { randomBytes } from 'node:crypto';
import type { BuildMethod } from '@counterfoil/vocabulary/protocol';
import type { BuilderClient } from './builder-client.ts';
import type { Connection } from './connection.ts';
import { type Reading, readAnswer } from './read-answer.ts';
import { Refusal } from './refusal.ts';
import { planRequest } from './request-plan.ts';
import { keyTypeOf, signatureBytes, spelled } from './signer.ts';
import type { VenueAnswer } from './venue-client.ts';
import { type CheckedRequest, WireCheckError, checkWire } from './wire-check.ts';

/** Binance's keys are 64 characters; the placeholder has the same shape. */
const API_KEY_HEX_BYTES = 32;

/** What can wait for the next minute; a permissions read weighs nothing, and no key is used without it. */
const READS: ReadonlySet<BuildMethod['kind']> = new Set([
  'orderGet',
  'orderGetClosed',
  'ordersOpen',
  'ordersHistory',
  'tradesHistory',
  'balances',
]);

/** A request that may be sent: nothing of it has left. Throws `Refusal`. */
export async function buildChecked(
  builder: BuilderClient,
  { venue, key }: Connection,
  method: BuildMethod,
): Promise<CheckedRequest> {
  const { manifest, origin, patience } = venue;
  if (patience.isOver || (patience.isShort && READS.has(method.kind)))
    throw new Refusal(
      'venue-busy',
      'The venue has been asked too much; nothing was sent. Try again in a minute.',
    );
  const plan = planRequest(manifest, method, venue.nonce());
  const apiKey = randomBytes(API_KEY_HEX_BYTES).toString('hex');
  const signature = randomBytes(signatureBytes(manifest, key.secret));
  const keyType = keyTypeOf(key.secret);
  const answer = await builder.ask({
    kind: 'build',
    venue: key.venue,
    origin,
    method,
    nonce: plan.nonce,
    validMs: manifest.validMs,
    placeholders: { apiKey, signature },
    keyType,
  });
  if (answer?.kind !== 'built') {
    throw new Refusal('builder-unavailable', 'The request could not be built; nothing was sent. Try again.');
  }
  try {
    return checkWire(answer.request, {
      manifest,
      origin,
      plan,
      apiKeyPlaceholder: apiKey,
      signaturePlaceholder: spelled(manifest, keyType, signature),
    });
  } catch (error) {
    if (!(error instanceof WireCheckError)) throw error;
    throw new Refusal(
      'wire-check',
      `The built request is not what was asked: ${error.message}. Nothing was sent.`,
    );
  }
}

/** One question and its answer; null where none came. */
export function askOnce(
  builder: BuilderClient,
  connection: Connection,
  method: BuildMethod,
): Promise<{ readonly answer: VenueAnswer | null; readonly reading: Reading | null }> {
  const { venue, key } = connection;
  return venue.inTurn(key, async () => {
    const checked = await buildChecked(builder, connection, method);
    const answer = await venue.send(checked, key).catch(() => null);
    const reading = answer === null ? null : readAnswer(venue.manifest, checked.plan, answer);
    return { answer, reading };
  });
}

/** What a read says. Throws `Refusal` where the venue is silent, says no, or says something that nobody can read. */
export async function readFrom<K extends Exclude<Reading['kind'], 'error'>>(
  builder: BuilderClient,
  connection: Connection,
  method: BuildMethod,
  kind: K,
): Promise<Extract<Reading, { kind: K }>> {
  const { answer, reading } = await askOnce(builder, connection, method);
  if (answer === null) throw new Refusal('venue-silent', 'The venue did not answer; ask again.');
  if (reading?.kind === 'error')
    throw new Refusal('venue-refused', `The venue refuses: ${reading.code} ${reading.sentence}`);
  if (reading?.kind !== kind)
    throw new Refusal('venue-refused', 'The venue answered with something that is not its form.');
  // The compiler does not narrow a union by a type parameter.
  return reading as Extract<Reading, { kind: K }>;
}
