import type { home as english } from '../en/home.ts';

export const home: Readonly<Record<keyof typeof english, string>> = {
  'home.title': 'Übersicht',
  'home.ribbon': 'Spielgeld. Nichts hier ist echt.',
  'home.worth': 'Vermögen',
  'home.today': 'Heute',
  'home.risk': 'Offenes Risiko',
  'home.risk.hint':
    'Das meiste, was verloren geht, wenn jeder Stopp ausgeführt wird. Positionen ohne Stopp zählen ganz.',
  'home.hide': 'Beträge verbergen',
  'home.show': 'Beträge zeigen',
  'home.bots': 'Bots',
  'strip.orders':
    '{count, plural, =0 {Noch kein Auftrag.} one {Der einzige Auftrag: {fates}.} other {Die letzten # Aufträge, der älteste zuerst: {fates}.}}',
  'strip.cell':
    '{time}: {side, select, buy {Kauf} other {Verkauf}} von {quantity} {type, select, market {zum Markt} other {zu {price}}}, {role}. {state}.',
  'strip.legend': 'Jede Marke ist ein Auftrag, der neueste rechts:',
  'strip.bought': 'gekauft',
  'strip.sold': 'verkauft',
  'strip.open': 'offen',
  'strip.withdrawn': 'zurückgezogen',
  'strip.refused': 'abgelehnt',
  'home.bots.all': 'Alle Bots',
  'home.needs': 'Braucht Sie',
  'home.needs.none': 'Nichts zu tun.',
  'notice.open': '{place} öffnen',
  'home.activity': 'Was geschah',
  'home.activity.none': 'Noch ist nichts geschehen.',
  'home.stale': 'Die Börse antwortete zuletzt {time}. Beträge können alt sein.',
  'home.start.watch': 'Einem Papier-Bot zusehen',
  'home.start.build': 'Einen eigenen bauen',
  'home.start.connect': 'Eine Börse verbinden',
  'home.history': 'Vermögen der letzten {days} Tage: damals {first}, jetzt {last}.',
  'home.history.time': 'Zeit',
};
