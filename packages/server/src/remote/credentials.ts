/** The one file that a worker on another machine is given, besides the database's address. */
import { createPrivateKey } from 'node:crypto';
import { type HostPort, type Identity, identityOf, parseHostPort } from '@counterfoil/wire';
import { StartError } from '../start-error.ts';

/** Form of the file; a product that does not know it refuses it. */
const FORM = 1;

/** What the file says besides the key, and what the desk knows of itself when it makes one. */
export interface WorkerCredentials {
  readonly name: string;
  /** The door's address as the other machine sees it. */
  readonly door: string;
  readonly doorPin: string;
  readonly gatePin: string;
  /** Which installation the database must belong to. */
  readonly installation: string;
  /** The paper exchange's certificate authority. */
  readonly authorityPem: string;
  /** The worker's own private key (PKCS 8). */
  readonly keyPem: string;
}

/** The same, understood. */
export interface RemoteWorker extends Omit<WorkerCredentials, 'door' | 'keyPem'> {
  readonly door: HostPort;
  readonly identity: Identity;
}

/** Goes into the worker's id, which the database takes up to 40 characters of. */
export const WORKER_NAME = /^[a-z][a-z0-9-]{0,23}$/u;
const PIN = /^[0-9a-f]{64}$/u;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,8000}-----END CERTIFICATE-----\n?$/u;

export function formatCredentials(credentials: WorkerCredentials): string {
  return `${JSON.stringify({ form: FORM, ...credentials }, null, 2)}\n`;
}

/** Throws `StartError` `worker-credentials`, which repeats nothing of the text: it holds a private key. */
export function parseCredentials(text: string, path: string): RemoteWorker {
  const said = fieldsOf(text);
  const { name, doorPin, gatePin, installation, authorityPem } = said;
  const door = parseHostPort(said.door ?? '');
  const identity = identityIn(said.keyPem ?? '');
  if (
    said.form !== String(FORM) ||
    !matches(name, WORKER_NAME) ||
    !matches(doorPin, PIN) ||
    !matches(gatePin, PIN) ||
    !matches(installation, UUID) ||
    !matches(authorityPem, CERTIFICATE) ||
    door === null ||
    identity === null
  ) {
    throw new StartError('worker-credentials', [
      `${path} is no credentials file that this Counterfoil understands. Nothing was started and no order was sent.`,
      'Make one with `npx counterfoil workers add` where the vault runs, by the same version, and copy it whole.',
    ]);
  }
  return { name, door, doorPin, gatePin, installation, authorityPem, identity };
}

function matches(value: string | undefined, form: RegExp): value is string {
  return value !== undefined && form.test(value);
}

/** The fields of a flat object that are text or a number, as text; none where the text is not one. */
function fieldsOf(text: string): Partial<Record<keyof WorkerCredentials | 'form', string>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    const isPlain = (field: unknown): boolean => typeof field === 'string' || typeof field === 'number';
    const fields = Object.entries(value).filter(([, field]) => isPlain(field));
    return Object.fromEntries(fields.map(([name, field]) => [name, String(field)]));
  } catch {
    return {};
  }
}

function identityIn(pem: string): Identity | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? identityOf(key) : null;
  } catch {
    return null;
  }
}
