/**
 * What each code of the server's problems, and each of the gate's refusals, means to the reader. The server's own words
 * of detail stand below it on the page.
 */
import type { ProblemCode } from '@counterfoil/api';
import type { GateRefusal } from '@counterfoil/vocabulary/protocol';

export const problems = {
  'problem.bad-form': 'The server did not understand the request. Nothing was done.',
  'problem.not-signed-in': 'You are not signed in. Nothing was done.',
  'problem.bad-signature': 'The signature of the request does not hold. Nothing was done.',
  'problem.not-allowed': 'Your role does not allow this. Nothing was done.',
  'problem.cross-origin': 'The request came from another site. It was refused.',
  'problem.passkey-needed': 'An owner has to approve this with a passkey. Nothing was changed.',
  'problem.no-such-route':
    'The server does not know this request. Reload the page: it may be of another version.',
  'problem.not-found': 'It is not there, or no longer.',
  'problem.wrong-method':
    'The server does not take this request. Reload the page: it may be of another version.',
  'problem.conflict': 'As things stand now, this cannot be done.',
  'problem.idempotency-conflict': 'This was sent before with other contents. It was not done a second time.',
  'problem.idempotency-under-way': 'The same request is still under way. It is not done twice.',
  'problem.too-large': 'This is too large for the server. Nothing was done.',
  'problem.wrong-type': 'The server did not understand the form of the request. Nothing was done.',
  'problem.wrong-host': 'The server does not answer under this name. Open it as the terminal names it.',
  'problem.impossible': 'This cannot work. Nothing was made.',
  'problem.refused': 'This was refused.',
  'problem.frozen': 'Frozen: the vault signs nothing new until it is thawed.',
  'problem.idempotency-key-needed': 'The request has no mark against being done twice. Nothing was done.',
  'problem.too-many': 'Too much at once. Nothing was done; try again in a moment.',
  'problem.fault': 'The server failed. It may have been done all the same: look before you ask again.',
  'problem.database-away':
    'The database did not answer in time. It may have been done all the same: look before you ask again.',
  'problem.vault-away': 'The vault does not answer.',
  'problem.busy': 'The server has no answer just now. Try again in a moment.',
  'refusal.unknown-connection': 'The vault has no such key.',
  'refusal.unknown-venue': 'The vault does not know this exchange.',
  'refusal.key-not-bound':
    'The exchange’s id of this key is missing, or was not checked since the vault started.',
  'refusal.key-bound-otherwise': 'This key was connected before. Make a new one at the exchange.',
  'refusal.key-can-withdraw': 'This key can move money out. It is not used. Make one that can only trade.',
  'refusal.key-permission-missing': 'This key cannot trade. Allow spot trading for it at the exchange.',
  'refusal.key-type': 'The exchange does not take keys of this type. Nothing was made.',
  'refusal.key-of-another':
    'Another user has connected this key before. Delete it at the exchange and make a new one.',
  'refusal.permissions-changed': 'The exchange has loosened what this key may do. It is not used.',
  'refusal.view-key-unclaimed': 'Nobody could read the receipts of this key. Nothing was made.',
  'refusal.enrolment-unknown': 'This enrolment is over. Begin again.',
  'refusal.enrolment-limit': 'Too many keys are being entered. Finish one, or wait a quarter of an hour.',
  'refusal.seal-refused': 'The vault cannot open this box, or it holds no key. Begin again.',
  'refusal.stale-fence': 'Another worker has this bot now. Nothing was sent.',
  'refusal.sequence-too-far': 'The number of this order does not follow the bot’s last. Nothing was sent.',
  'refusal.id-reused': 'This order’s id was used for something else. Nothing was sent.',
  'refusal.unknown-intent': 'The vault knows of no such use of a key.',
  'refusal.mandate': 'The limits that the vault enforces forbid this. Nothing was sent.',
  'refusal.frozen': 'Frozen: the vault signs nothing new until it is thawed.',
  'refusal.not-approved': 'An owner’s passkey has not approved this. Nothing was changed.',
  'refusal.last-owner': 'This is the last passkey. Add another one first.',
  'refusal.amount-too-long': 'The amount has too many digits. Nothing was sent.',
  'refusal.not-at-venue': 'The exchange has no place for this. Nothing was sent.',
  'refusal.price-unknown': 'The vault has no price of its own to check this against. Nothing was sent.',
  'refusal.overloaded': 'The vault cannot keep up. Nothing was sent; try again.',
  'refusal.unwitnessed': 'The log’s outside watchers did not confirm it in time. Nothing changed.',
  'refusal.builder-unavailable': 'The request could not be built. Nothing was sent; try again.',
  'refusal.wire-check': 'The built request was not what was asked. Nothing was sent.',
  'refusal.venue-busy': 'The exchange has been asked too much. Nothing was sent; try again in a minute.',
  'refusal.venue-refused': 'The exchange refused.',
  'refusal.venue-silent': 'The exchange did not answer.',
} as const satisfies Readonly<Record<`problem.${ProblemCode}` | `refusal.${GateRefusal}`, string>>;
