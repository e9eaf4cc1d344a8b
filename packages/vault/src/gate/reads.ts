/** Reads of an account, each under a read-window leaf that is proven before it leaves. */
import type { GateResult, IntentOf } from '@counterfoil/vocabulary/protocol';
import { readFrom } from './ask-venue.ts';
import type { Connection } from './connection.ts';
import type { Vault } from './use.ts';

export type ReadIntent = IntentOf<'balances' | 'ordersOpen' | 'ordersHistory' | 'tradesHistory'>;

export async function readAccount(
  { builder }: Vault,
  connection: Connection,
  intent: ReadIntent,
): Promise<GateResult> {
  const { connection: _connection, ...method } = intent;
  const { kind, ...asked } = method;
  await connection.reads.enter(kind, Object.values(asked).map(String).join(' '));
  switch (method.kind) {
    case 'balances':
      return readFrom(builder, connection, method, 'balances');
    case 'ordersOpen':
    case 'ordersHistory':
      return readFrom(builder, connection, method, 'orders');
    case 'tradesHistory':
      return readFrom(builder, connection, method, 'trades');
    default:
      return method satisfies never;
  }
}
