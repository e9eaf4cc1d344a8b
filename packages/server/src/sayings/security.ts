/** English for the cards of the security centre. */
import type { ValuesOf } from '@counterfoil/api';
import type { CodeOf } from '@counterfoil/api/sayings';
import type { English } from './english.ts';

type Level = ValuesOf<'isolation-reached'>['isolation'];

/** What a level closes, and what it leaves open: SECURITY.md. */
const closes: Readonly<Record<Level, string>> = {
  L1: 'Separate processes; the vault has no network and no files of its own choosing.',
  L2: 'The vault sealed itself: no sockets, no files, and other programs of this user cannot read its memory.',
  L3: 'The vault runs as a user of its own, in namespaces of its own.',
};

const leavesOpen: Readonly<Record<Level, string>> = {
  L1: 'Root on this machine, and other programs of the same user.',
  L2: 'Root on this machine.',
  L3: 'Root on this machine.',
};

export const security: English<CodeOf<'security'>> = {
  'custody-keys': ({ keys }) => `${keys} key(s) in the vault; none can be read from here.`,
  'isolation-reached': ({ isolation }) => closes[isolation],
  'isolation-leaves-open': ({ isolation }) => leavesOpen[isolation],
  'receipts-complete': () => 'Every use of a key has its receipt.',
  'receipts-missing': ({ missing }) => `${missing} use(s) of a key have no receipt yet.`,
  'foreign-none': () => 'Every trade at the venue is explained, by an order of this vault or by you.',
  'foreign-found': ({ trades }) => `${trades} trade(s) at the venue that no order of this vault explains.`,
  'passkeys-none': () => 'No passkey: whoever uses this machine may use the demo.',
  'passkeys-some': ({ passkeys, owners }) =>
    `${passkeys} passkey(s) to sign in; ${owners} that the vault takes approvals from.`,
  'phishing-unchecked': () => 'Links are not checked yet.',
};
