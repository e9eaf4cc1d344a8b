/** Which venues an unlock message may open: simulated ones where it says, live ones where their manifest says. */
import { rootCertificates } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Unlock } from '@counterfoil/vocabulary/protocol';
import type { Manifest } from './manifest.ts';
import { manifestOf } from './manifests/index.ts';
import { stopsAtPoints } from './points.ts';
import { VenueClient } from './venue-client.ts';

/** Where exchanges serve HTTPS; a manifest names the host alone. */
const HTTPS = 443;

/** The client of a venue, or null where the message may not open it so. */
export function openVenue(
  { venue, host, port, caPem }: Unlock['venues'][number],
  open: (host: string, port: number) => Duplex,
): VenueClient | null {
  const manifest = manifestOf(venue);
  if (manifest === undefined) return null;
  // Without an authority of its own a simulated venue is believed by nobody.
  if (manifest.paper) return new VenueClient(manifest, host, port, caPem === '' ? [] : [caPem], open);
  return isWhereItIs(manifest, { host, port, caPem })
    ? new VenueClient(manifest, host, port, [...rootCertificates], open)
    : null;
}

/**
 * Whoever unlocks the vault may not send live keys anywhere else, nor say whose certificates hold there; and a build
 * that stops at its points is for tests, never for money.
 */
function isWhereItIs(
  manifest: Manifest,
  { host, port, caPem }: Omit<Unlock['venues'][number], 'venue'>,
): boolean {
  return !stopsAtPoints && host === manifest.host && port === HTTPS && caPem === '';
}
