/**
 * One POST to an address of somebody else: signed, without redirects, and only to where it may go. The name is looked
 * up once, the address is checked, and exactly that address is spoken to, so that a name cannot change its mind.
 */
import type { KeyObject } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { signMessage } from '../http/message-signature.ts';
import { isPublicAddress } from './address-check.ts';

/** The other side should take a message and work later. */
const ANSWER_MS_MAX = 5_000;

export interface WebhookMessage {
  readonly url: string;
  /** The same on every try, so that the other side can drop what it has. */
  readonly id: string;
  readonly payload: string;
}

export interface WebhookSettings {
  readonly key: KeyObject;
  readonly keyId: string;
  /** Addresses that may be reached although they are not public. */
  readonly allowed: ReadonlySet<string>;
}

/** The answer's status. Throws an `Error` whose message is for the owner where none was got. */
export async function sendWebhook(message: WebhookMessage, settings: WebhookSettings): Promise<number> {
  const url = new URL(message.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error('only http and https are spoken');
  if (url.username !== '' || url.password !== '') throw new Error('an address holds no password');
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(name) === 0 ? (await lookup(name, { all: true })).map((one) => one.address) : [name];
  const address = found.find((one) => isPublicAddress(one) || settings.allowed.has(one));
  if (address === undefined)
    throw new Error(`${name} is an address inside a machine or network, which webhooks do not reach`);
  const body = Buffer.from(message.payload);
  const headers = signMessage(
    settings.key,
    { method: 'POST', targetUri: url.href, body, headers: [['webhook-id', message.id]] },
    {
      created: Math.floor(Date.now() / 1_000),
      keyId: settings.keyId,
      nonce: randomUUID().replaceAll('-', ''),
    },
  );
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? secureRequest : plainRequest;
    const request = send(
      url,
      {
        method: 'POST',
        timeout: ANSWER_MS_MAX,
        agent: false,
        lookup: (_name, options, done) =>
          options.all === true
            ? done(null, [{ address, family: isIP(address) }])
            : done(null, address, isIP(address)),
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': body.length,
          'user-agent': 'counterfoil',
          'webhook-id': message.id,
        },
      },
      (response) => {
        // Whatever it says beyond its status is not read: a redirect leads nowhere.
        response.destroy();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_MS_MAX / 1_000} s`)));
    request.on('error', reject);
    request.end(body);
  });
}
