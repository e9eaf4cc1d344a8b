/** English for what people and programs did. */
import type { ValuesOf } from '@counterfoil/api';
import type { CodeOf } from '@counterfoil/api/sayings';
import type { English } from './english.ts';

const requests: Readonly<Record<ValuesOf<'bot-asked'>['request'], string>> = {
  start: 'to start',
  pause: 'to pause',
  stop: 'to stop',
  edit: 'to take other settings',
  'start-deal': 'to start a deal',
  'close-deal': 'to close a deal',
  'cancel-deal': 'to cancel a deal',
  'reduce-deal': 'to reduce a deal',
  'change-deal': 'to change the exits of a deal',
  'convert-deal': 'to convert a deal',
  trail: 'to trail',
  'add-funds': 'to add funds',
  'force-start': 'to enter now',
  close: 'to close',
  cancel: 'to cancel its orders',
  reduce: 'to reduce',
  'change-exits': 'to change its exits',
};

const frozen = ({ scope, connection }: Omit<ValuesOf<'thawed'>, 'who'>): string => {
  if (scope === 'connection') return `the connection ${connection}`;
  return scope === 'user' ? 'every connection of the workspace' : 'everything';
};

export const deeds: English<CodeOf<'deeds'>> = {
  'account-made': ({ who, role }) => `${who} made an account as ${role}.`,
  'bot-asked': ({ who, name, request }) => `${who} asked “${name}” ${requests[request]}.`,
  'bot-made': ({ who, name }) => `${who} made the bot “${name}”.`,
  'channel-made': ({ who, name }) => `${who} has notices sent to “${name}”.`,
  'channel-removed': ({ who, name }) => `${who} has no notices sent to “${name}” any more.`,
  'connection-made': ({ who, name, venue }) => `${who} had the vault make a key for ${venue}: “${name}”.`,
  'connection-removed': ({ who, name }) =>
    `${who} removed “${name}”: its key is destroyed, its history stays.`,
  'connection-rotated': ({ who, name }) =>
    `${who} registered the new key of “${name}”; it signs from here on.`,
  'connection-sealed': ({ who, name, venue }) =>
    `${who} handed a sealed key for ${venue} to the vault: “${name}”.`,
  'connection-successor': ({ who, name }) =>
    `${who} had the vault make the key that shall replace that of “${name}”.`,
  'foreign-trade-answered': ({ who, trade, symbol, answer }) =>
    `${who} says of the trade ${trade} on ${symbol}: ${answer}.`,
  frozen: ({ who, depth, ...what }) => `${who} froze ${frozen(what)} (${depth}).`,
  invited: ({ who, name, role }) => `${who} invited ${name} as ${role}.`,
  'mandate-approved': ({ who, name, effect }) => `${who} approved the limits “${name}” (${effect}).`,
  'mandate-proposed': ({ who, name, effect }) => `${who} proposed the limits “${name}” (${effect}).`,
  'member-removed': ({ who, name }) => `${who} took ${name} out of the workspace.`,
  'passkey-added': ({ who, name }) => `${who} added the passkey “${name}”.`,
  'passkey-removed': ({ who, name }) => `${who} removed the passkey “${name}”.`,
  recovered: ({ who }) =>
    `${who} recovered the account with the printed key; every live connection is frozen.`,
  'role-changed': ({ who, name, role }) => `${who} made ${name} ${role}.`,
  'signed-in': ({ who }) => `${who} signed in with a passkey.`,
  'smart-trade-made': ({ who, name }) => `${who} made the SmartTrade “${name}”.`,
  thawed: ({ who, ...what }) => `${who} thawed ${frozen(what)}.`,
  'token-made': ({ who, name, role }) => `${who} admitted the program “${name}” as ${role}.`,
  'token-removed': ({ who, name }) => `${who} refuses the program “${name}” from now on.`,
  'vault-passkey-added': ({ who, name }) => `${who} had the vault take approvals from the passkey “${name}”.`,
  'vault-passkey-removed': ({ who, name }) =>
    `${who} had the vault take no approvals from the passkey “${name}” any more.`,
};
