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

/** `one` where there is one of them, else `many` after their number. */
function counted(count: number, one: string, many: string): string {
  return count === 1 ? one : `${count} ${many}`;
}

export const security: English<CodeOf<'security'>> = {
  'custody-keys': ({ keys }) =>
    keys === 0
      ? 'No key in the vault.'
      : counted(
          keys,
          'One key in the vault; it cannot be read from here.',
          'keys in the vault; none can be read from here.',
        ),
  'isolation-reached': ({ isolation }) => closes[isolation],
  'isolation-leaves-open': ({ isolation }) => leavesOpen[isolation],
  'receipts-complete': () => 'Every use of a key has its receipt.',
  'receipts-missing': ({ missing }) =>
    counted(missing, 'One use of a key has no receipt yet.', 'uses of a key have no receipt yet.'),
  'foreign-none': () =>
    'No trade at the venue waits for your word: an order of this vault explains it, or you have answered.',
  'foreign-found': ({ trades }) =>
    `${counted(trades, 'One trade', 'trades')} at the venue that no order of this vault explains.`,
  'passkeys-none': () => 'No passkey: whoever uses this machine may use the demo.',
  'passkeys-some': ({ passkeys, owners }) =>
    `${counted(passkeys, 'One passkey', 'passkeys')} to sign in; the vault takes approvals from ${owners}.`,
  'phishing-unchecked': () => 'Links are not checked yet.',
};
