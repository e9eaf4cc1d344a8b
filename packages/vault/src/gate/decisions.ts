/**
 * What owners decided, in the order of the store. Public leaves state how many decisions there are and the hash that
 * chains them, so that a store that forgot one, or a decision that nobody announced, is found at the next start.
 */
import { createHash } from 'node:crypto';
import { type ControlKind, controlField, decodeControlLeaf, encodeControlLeaf } from '@counterfoil/log';
import { encodeCbor, toCbor } from '@counterfoil/vocabulary';
import { nowMs } from './clock.ts';
import { scopeText } from './freeze-scope.ts';
import type { Logbook } from './logbook.ts';
import { mandateHash } from './mandate.ts';
import { type SecurityRecord, securityRecord, securityRecords } from './security-record.ts';
import type { Store } from './store.ts';

const ZERO_HEAD = '0'.repeat(64);

const controlKinds: Readonly<Record<SecurityRecord['kind'], ControlKind>> = {
  owner: 'owner',
  ownerGone: 'owner',
  mandate: 'loosening',
  frozen: 'freeze',
  thawed: 'thaw',
};

export class Decisions {
  readonly #store: Store;
  readonly #logbook: Pick<Logbook, 'append'>;
  /** The hash of the records after each of them. */
  readonly #heads: string[] = [ZERO_HEAD];
  readonly #announced = new Map<number, Promise<number>>();
  #logState = { number: 0, head: ZERO_HEAD };

  constructor(store: Store, logbook: Pick<Logbook, 'append'>) {
    this.#store = store;
    this.#logbook = logbook;
    for (const record of this.all()) this.#chain(record);
  }

  all(): readonly SecurityRecord[] {
    const isOurs = (record: { readonly kind: string }): record is SecurityRecord =>
      Object.hasOwn(securityRecords, record.kind);
    return this.#store.records.filter(isOurs);
  }

  #chain(record: SecurityRecord): void {
    const body = encodeCbor(toCbor(securityRecord, record));
    const last = this.#heads.at(-1) ?? ZERO_HEAD;
    this.#heads.push(createHash('sha256').update(last).update(body).digest('hex'));
  }

  /** Durable when it returns. The promise is the index of the leaf that announces it; null where it needs none. */
  take(record: SecurityRecord): Promise<number> | null {
    this.#store.append(record);
    this.#chain(record);
    return isPublic(record) ? this.#announce(this.#heads.length - 1, record) : null;
  }

  /** Of a log that lies: it can announce nothing, so the store alone remembers, and the next start announces it. */
  takeUnannounced(record: SecurityRecord): void {
    this.#store.append(record);
  }

  #announce(number: number, record: SecurityRecord): Promise<number> {
    const leaf = encodeControlLeaf({
      kind: controlKinds[record.kind],
      fields: [
        ...fieldsOf(record),
        ['at', new Date(nowMs()).toISOString()],
        ['state', String(number)],
        ['head', this.#heads[number] ?? ZERO_HEAD],
      ],
    });
    const announced = this.#logbook.append(leaf).then(({ index }) => index);
    this.#announced.set(number, announced);
    return announced;
  }

  /** Where the decision of this number, from 1 on, is announced. */
  announced(number: number): Promise<number> | null {
    return this.#announced.get(number) ?? null;
  }

  /** Takes a public leaf of the log. */
  recover(entry: Uint8Array, index: number): void {
    const leaf = decodeControlLeaf(entry);
    const number = Number(controlField(leaf, 'state'));
    const head = controlField(leaf, 'head');
    if (!Number.isSafeInteger(number) || head === undefined) return;
    this.#announced.set(number, Promise.resolve(index));
    this.#logState = { number, head };
  }

  /** After the log was read: announces what was not. False where the log knows decisions that the store does not. */
  start(): boolean {
    const { number, head } = this.#logState;
    const isWhole = this.#heads[number] === head;
    this.all().forEach((record, i) => {
      if (i + 1 > number && isPublic(record)) void this.#announce(i + 1, record);
    });
    return isWhole;
  }
}

/** Every decision is announced but a mandate that allows nothing more. */
function isPublic(record: SecurityRecord): boolean {
  return record.kind !== 'mandate' || record.approvals > 0;
}

/** Anybody can read a leaf: users and passkeys are named by a hash. */
const hashOf = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

function fieldsOf(record: SecurityRecord): readonly (readonly [string, string])[] {
  switch (record.kind) {
    case 'owner':
      return [
        ['added', hashOf(record.credentialId)],
        ['user', hashOf(record.user)],
        ['since', new Date(record.sinceMs).toISOString()],
      ];
    case 'ownerGone':
      return [
        ['removed', hashOf(record.credentialId)],
        ['user', hashOf(record.user)],
      ];
    case 'mandate':
      return [
        ['connection', record.connection],
        ['mandate', Buffer.from(mandateHash(record.mandate)).toString('hex')],
        ['due', new Date(record.dueMs).toISOString()],
      ];
    case 'frozen':
      return [
        ['scope', publicScope(record.scope)],
        ['depth', record.depth],
        ['reason', record.reason],
      ];
    case 'thawed':
      return [['scope', publicScope(record.scope)]];
    default:
      return record satisfies never;
  }
}

function publicScope(scope: Parameters<typeof scopeText>[0]): string {
  return scope.kind === 'user' ? `user/${hashOf(scope.user)}` : scopeText(scope);
}
