/** Why a bot does not trade now, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';
import { frozenFor } from './frozen-for.ts';

const away = (sign: string, follows = ''): string =>
  `Preis ${sign} {level} (jetzt {now}, {distance} % entfernt${follows})`;

const rests = '{orders, plural, one {# Auftrag ist} other {# Aufträge sind}} offen';

const order = (at: string): string =>
  `{side, select, buy {Kauf} other {Verkauf}} {quantity} {base} ${at}` +
  '{filled, select, 0 {} other {, davon {filled} ausgeführt}}' +
  '{state, select, working {} cancelling { (wird zurückgezogen)} unknown { (Stand unbekannt)} other { (beendet)}}';

const frozen = '{scope, select, connection {Seine Verbindung} user {Der Arbeitsbereich} other {Der Tresor}}';

const depth = '{depth, select, everything {nichts unterschrieben} other {keine neue Position eröffnet}}';

export const waiting: Readonly<Record<CodeOf<'waiting'>, string>> = {
  'why-not-started': 'Er wurde noch nicht gestartet.',
  'why-stopped': 'Er ist angehalten: Er hat keinen Auftrag und wartet auf nichts.',
  'why-market-closed':
    'Der Markt {symbol} {status, select, halted {ist angehalten} cancelOnly {nimmt nur Rücknahmen an} closed {ist geschlossen} other {handelt}}: Bis er wieder handelt, wird nichts gekauft oder verkauft.',
  'why-waits-for-owner': 'Er wartet auf seinen Besitzer.',
  'why-waits-for-fills': `${rests}: Er wartet auf die Ausführung.`,
  'why-waits': 'Er wartet auf {about}.',
  'why-waits-and-rests': `Er wartet auf {about}; ${rests}.`,
  'until-time': 'den Ablauf von {seconds} s',
  'until-next-price': 'den nächsten Preis',
  'until-conditions': '{all}',
  'until-at-or-above': away('≥'),
  'until-at-or-below': away('≤'),
  'until-at-or-above-trailing': away('≥', ', folgt dem Preis'),
  'until-at-or-below-trailing': away('≤', ', folgt dem Preis'),
  condition:
    '{indicator} auf {timeframe} {compare, select, less {unter} greater {über} crossing_up {aufwärts durch} other {abwärts durch}} {threshold}',
  'order-at-price': order('zu {price}'),
  'order-at-market': order('zum Markt'),

  'vault-answers': 'Der Tresor antwortet.',
  'vault-away': 'Der Tresor antwortet nicht; bis er zurück ist, kann nichts in Auftrag gegeben werden.',
  'nothing-frozen': 'Nichts ist eingefroren.',
  'frozen-for': `${frozen} ist eingefroren (${frozenFor}): Bis zum Auftauen wird ${depth}.`,
  'venue-trades': 'Die Börse handelt seine Märkte.',
  'venue-silent': 'Die Börse nennt gerade keinen Preis: Bis dahin wird nichts entschieden.',
  'venue-rejected': 'Die Börse hat den letzten Auftrag abgelehnt: „{quoted}“',
  'key-may-trade': 'Der Schlüssel darf handeln.',
  'key-gone': 'Seine Verbindung gibt es nicht mehr: Der Bot kann nichts in Auftrag geben.',
  'key-destroyed': 'Der Schlüssel „{name}“ ist vernichtet.',
  'key-troubled': 'Der Schlüssel „{name}“ geht nicht: „{quoted}“',
  'key-unregistered': 'Der Schlüssel „{name}“ ist an der Börse noch nicht eingetragen.',
  'limits-allow': 'Die Grenzen seiner Verbindung erlauben seine Märkte.',
  'limits-unknown': 'Der Tresor kennt für seine Verbindung keine Grenzen und unterschreibt deshalb nichts.',
  'limits-over': 'Die Grenzen seiner Verbindung sind abgelaufen: Unterschreiben Sie neue.',
  'limits-outside': 'Die Grenzen seiner Verbindung erlauben {symbol} nicht.',
  'limits-refused': 'Der Tresor hat den letzten Auftrag abgelehnt: „{quoted}“',
  'worker-has-it': 'Ein Arbeiter hat ihn.',
  'worker-gone': 'Gerade hat ihn kein Arbeiter; in zwei Sekunden übernimmt ihn ein anderer.',
  'funds-enough': 'Kein Auftrag scheiterte am Guthaben.',
  'funds-short': 'Der letzte Auftrag wurde abgelehnt: Das Guthaben reicht nicht.',
};
