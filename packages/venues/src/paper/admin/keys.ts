import { createPublicKey, randomBytes } from 'node:crypto';
import type { ApiKey } from '../core/api-key.ts';
import { valueOf } from '../rest/route.ts';
import { AdminRefused, knownAccount, type AdminRequest } from './admin-request.ts';
import { changeKeyBody, registerKeyBody } from './schemas.ts';

/** Answers the API key id, and for `hmac` the secret: once, as an exchange does. */
export function registerKey({ venue, body }: AdminRequest): unknown {
  const { account, kind, publicKey, permissions, allowedIps } = registerKeyBody.parse(body);
  knownAccount(venue, account);
  const id = randomLetters(64);
  const secret = kind === 'hmac' ? randomLetters(64) : null;
  const credential: ApiKey['credential'] =
    kind === 'hmac'
      ? { kind, secret: Buffer.from(secret ?? '', 'ascii') }
      : { kind, publicKeyPem: checkedPublicKey(kind, publicKey) };
  const key: ApiKey = {
    id,
    account,
    credential,
    permissions,
    allowedIps,
    isRevoked: false,
    createdAt: Math.floor(venue.now()),
  };
  valueOf(venue.run('put-key', { key }));
  return secret === null ? { apiKey: id } : { apiKey: id, secret };
}

export function changeKey({ venue, names, body }: AdminRequest): unknown {
  const known = venue.state.keys.get(names[0] ?? '');
  if (known === undefined) throw new AdminRefused('unknown-key', 'No API key has this id.');
  const change = changeKeyBody.parse(body);
  const key: ApiKey = {
    ...known,
    allowedIps: change.allowedIps ?? known.allowedIps,
    isRevoked: change.isRevoked ?? known.isRevoked,
    permissions: {
      reading: change.permissions?.reading ?? known.permissions.reading,
      spotTrading: change.permissions?.spotTrading ?? known.permissions.spotTrading,
      withdrawals: change.permissions?.withdrawals ?? known.permissions.withdrawals,
    },
  };
  valueOf(venue.run('put-key', { key }));
  return {
    apiKey: key.id,
    account: key.account,
    permissions: key.permissions,
    allowedIps: key.allowedIps,
    isRevoked: key.isRevoked,
  };
}

/** The key in the one PEM form, so that no later use has to ask what it is. */
function checkedPublicKey(kind: 'ed25519' | 'rsa', pem: string | undefined): string {
  try {
    const key = createPublicKey(pem ?? '');
    if (key.asymmetricKeyType === kind) return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    // Not a key at all: the same answer as the wrong kind of key.
  }
  throw new AdminRefused('bad-public-key', `publicKey is not an ${kind} public key in PEM form.`, 400);
}

function randomLetters(length: number): string {
  let text = '';
  while (text.length < length)
    text += randomBytes(length)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '');
  return text.slice(0, length);
}
