/** C2SP tlog-policy: which log, which witnesses, and how many of them must have signed. */
import { LogError } from './error.ts';
import { type Sha256Into, equalBytes } from './primitives.ts';
import { type VerifierKey, parseVerifierKey } from './verifier-key.ts';

/** More lines than any policy needs. */
const LINES_MAX = 1_000;

export interface PolicyWitness {
  readonly name: string;
  readonly key: VerifierKey;
  readonly url: string | undefined;
}

interface Group {
  readonly need: number;
  readonly members: readonly string[];
}

export interface Policy {
  readonly logs: readonly { readonly key: VerifierKey; readonly url: string | undefined }[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: ReadonlyMap<string, Group>;
  /** A witness, a group, or `undefined` for `quorum none`. */
  readonly quorum: string | undefined;
}

export function parsePolicy(sha256Into: Sha256Into, text: string): Policy {
  const logs: Policy['logs'][number][] = [];
  const witnesses: PolicyWitness[] = [];
  const groups = new Map<string, Group>();
  const grouped = new Set<string>();
  let quorum: string | undefined;
  const refuse = (line: number, why: string): LogError => new LogError('bad-policy', `line ${line}: ${why}`);
  const isDefined = (name: string): boolean =>
    groups.has(name) || witnesses.some((witness) => witness.name === name);

  const lines = text.split('\n');
  if (lines.length > LINES_MAX) throw refuse(LINES_MAX, 'too many lines');
  for (const [at, line] of lines.entries()) {
    const number = at + 1;
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const [word, ...rest] = line.trim().split(/[ \t]+/);
    if (word === 'log') {
      const [key, url] = takeKey(sha256Into, rest, refuse, number);
      if (key.type !== 'ed25519') throw refuse(number, 'a log key is of type 0x01');
      if (logs.some((log) => equalBytes(log.key.publicKey, key.publicKey)))
        throw refuse(number, 'log key twice');
      logs.push({ key, url });
    } else if (word === 'witness') {
      const [name, ...keyAndUrl] = rest;
      if (name === undefined || name === 'none' || isDefined(name))
        throw refuse(number, 'a witness needs a new name');
      const [key, url] = takeKey(sha256Into, keyAndUrl, refuse, number);
      if (key.type === 'ed25519') throw refuse(number, 'a witness key is of type 0x04 or 0x06');
      // One operator under two names would count twice.
      if (witnesses.some((witness) => equalBytes(witness.key.publicKey, key.publicKey))) {
        throw refuse(number, 'witness key twice');
      }
      witnesses.push({ name, key, url });
    } else if (word === 'group') {
      const [name, needText, ...members] = rest;
      if (name === undefined || name === 'none' || isDefined(name))
        throw refuse(number, 'a group needs a new name');
      const need = needOf(needText, members.length);
      if (need === undefined) throw refuse(number, 'a group needs any, all or a count up to its members');
      for (const member of members) {
        if (!isDefined(member)) throw refuse(number, `${member} is not defined above`);
        if (grouped.has(member)) throw refuse(number, `${member} is in a group already`);
        grouped.add(member);
      }
      groups.set(name, { need, members });
    } else if (word === 'quorum') {
      const [name, ...more] = rest;
      if (quorum !== undefined) throw refuse(number, 'a second quorum');
      if (name === undefined || more.length > 0) throw refuse(number, 'a quorum needs one name');
      if (name !== 'none' && !isDefined(name)) throw refuse(number, `${name} is not defined above`);
      quorum = name;
    } else {
      throw refuse(number, 'expected log, witness, group or quorum');
    }
  }
  if (quorum === undefined) throw refuse(lines.length, 'no quorum line');
  return { logs, witnesses, groups, quorum: quorum === 'none' ? undefined : quorum };
}

function takeKey(
  sha256Into: Sha256Into,
  words: readonly string[],
  refuse: (line: number, why: string) => LogError,
  line: number,
): [VerifierKey, string | undefined] {
  const [keyText, url, ...more] = words;
  if (keyText === undefined || more.length > 0)
    throw refuse(line, 'expected a verifier key and at most a URL');
  return [parseVerifierKey(sha256Into, keyText), url];
}

function needOf(text: string | undefined, members: number): number | undefined {
  if (text === 'any') return members > 0 ? 1 : undefined;
  if (text === 'all') return members > 0 ? members : undefined;
  const need = /^[1-9][0-9]{0,3}$/.test(text ?? '') ? Number(text) : 0;
  return need >= 1 && need <= members ? need : undefined;
}

/** Whether the witnesses named in `signed` satisfy the policy's quorum. */
export function quorumHolds(policy: Policy, signed: ReadonlySet<string>): boolean {
  const holds = (name: string): boolean => {
    const group = policy.groups.get(name);
    if (group === undefined) return signed.has(name);
    return group.members.filter(holds).length >= group.need;
  };
  return policy.quorum === undefined || holds(policy.quorum);
}
