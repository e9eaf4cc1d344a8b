/** What notices say, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';
import { frozenFor } from './frozen-for.ts';

export const notices: Readonly<Record<CodeOf<'notices'>, string>> = {
  'nothing-frozen-any-more': 'Nichts ist mehr eingefroren',
  'vault-signs-again': 'Der Tresor unterschreibt wieder.',
  'trading-frozen': 'Der Handel ist eingefroren',
  freezes: '{all}.',
  freeze:
    '{scope, select, connection {eine Verbindung} user {der Arbeitsbereich} other {alles}}: ' +
    `{depth, select, everything {ganz} other {keine neuen Positionen}} (${frozenFor})`,
  'foreign-trade': 'Ein Trade, der nicht von uns ist',
  'foreign-trade-asked':
    '{side, select, buy {Kauf} other {Verkauf}} von {quantity} {symbol} zu {price} hat keinen Beleg. Sagen Sie auf der Seite „Sicherheit“, ob Sie es waren.',
};
