/** What an order is in its deal, in words: the engine names them shortly (`base`, `avg2`, `tp1`, `c7s`). */
import type { MessageKey, Say } from '../../app/messages.ts';

const plain: Readonly<Record<string, MessageKey>> = {
  base: 'role.base',
  entry: 'role.entry',
  stop: 'role.stop',
  close: 'role.close',
  balance: 'role.balance',
  manual: 'role.manual',
};

const numbered: Readonly<Record<string, MessageKey>> = {
  avg: 'role.averaging',
  tp: 'role.target',
  add: 'role.add',
  reduce: 'role.reduce',
};

/** The role itself where it is one that this page does not know. */
export function roleWord(say: Say, role: string): string {
  const known = plain[role];
  if (known !== undefined) return say(known);
  const cell = /^c(\d+)[bs]$/u.exec(role)?.[1];
  if (cell !== undefined) return say('role.cell', { number: Number(cell) + 1 });
  const [, name = '', number = ''] = /^([a-z]+)-?(\d+)$/u.exec(role) ?? [];
  const key = numbered[name];
  return key === undefined ? role : say(key, { number: Number(number) });
}
