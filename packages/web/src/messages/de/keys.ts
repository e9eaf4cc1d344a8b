import type { keys as english } from '../en/keys.ts';

export const keys: Readonly<Record<keyof typeof english, string>> = {
  'key.what': 'Dieser Schlüssel',
  'key.made': 'Gemacht',
  'key.checked': 'Letzte Prüfung',
  'key.public': 'Öffentliche Hälfte',
  'key.change': 'Öffnen, um ihn zu ersetzen oder zu entfernen.',
  'key.none.here': 'Einen solchen Schlüssel gibt es in diesem Arbeitsbereich nicht.',
  'key.owner': 'Nur ein Besitzer darf einen Schlüssel ersetzen oder entfernen.',
  'key.trading': 'Was mit ihm handelt',
  'key.trading.none': 'Zurzeit benutzt ihn kein Bot und kein SmartTrade.',
  'key.trading.orders':
    '{count, plural, =0 {Kein Auftrag von uns liegt an der Börse.} one {# Auftrag von uns liegt an der Börse oder ist unterwegs.} other {# Aufträge von uns liegen an der Börse oder sind unterwegs.}}',
  'replace.title': 'Schlüssel ersetzen',
  'replace.what':
    'Der Tresor macht ein neues Schlüsselpaar. Der alte Schlüssel unterschreibt, bis der neue eingetragen und geprüft ist; von da an der neue.',
  'replace.bots':
    '{count, plural, =0 {Zurzeit handelt nichts mit ihm.} one {Ein Bot oder SmartTrade läuft ohne Pause weiter.} other {# Bots und SmartTrades laufen ohne Pause weiter.}}',
  'replace.orders':
    '{count, plural, =0 {Kein Auftrag ist offen.} one {Ein offener Auftrag bleibt, wo er ist: Er gehört zum Konto, und der neue Schlüssel kann ihn stornieren.} other {# offene Aufträge bleiben, wo sie sind: Sie gehören zum Konto, und der neue Schlüssel kann sie stornieren.}}',
  'replace.receipts': 'Die Belege beider Schlüssel sind eine Geschichte.',
  'replace.sealed':
    'Dieser Schlüssel wurde eingefügt. Der neue entsteht im Tresor, sodass es keine Kopie von ihm gibt.',
  'replace.paper':
    'Die Papierbörse nimmt die neue öffentliche Hälfte von selbst und unter dem alten Schlüssel nichts mehr an.',
  'replace.live':
    'Löschen Sie danach den alten Schlüssel an der Börse: Eine Kopie von ihm wirkte dort noch immer.',
  'replace.do': 'Neuen Schlüssel machen',
  'replace.done': 'Ersetzt. Von hier an unterschreibt der neue Schlüssel.',
  'replace.register': 'Den neuen Schlüssel an der Börse eintragen',
  'replace.unregistered': 'Noch kennt keine Börse diesen Schlüssel; es gibt nichts zu ersetzen.',
  'remove.title': 'Schlüssel entfernen',
  'remove.what': 'Der Tresor vernichtet den Schlüssel. Niemand kann ihn zurückholen.',
  'remove.bots': 'Bots, die für ihn gemacht sind, lassen sich nicht mehr starten.',
  'remove.orders':
    '{count, plural, =0 {Kein Auftrag ist offen; ein anders aufgegebener bliebe an der Börse, und niemand hier könnte ihn stornieren.} one {Ein offener Auftrag bleibt an der Börse, und niemand hier kann ihn mehr stornieren.} other {# offene Aufträge bleiben an der Börse, und niemand hier kann sie mehr stornieren.}}',
  'remove.history': 'Aufträge, Ausführungen und Belege bleiben und lassen sich prüfen wie zuvor.',
  'remove.exchange':
    'Löschen Sie den Schlüssel auch an der Börse: Eine Kopie von ihm wirkte dort noch immer.',
  'remove.busy': 'Damit handeln noch: {names}. Halten Sie sie erst an und schließen Sie ihre Deals.',
  'remove.confirm': 'Zur Bestätigung „{label}“ eingeben',
  'remove.do': 'Diesen Schlüssel vernichten',
  'remove.done': 'Vernichtet. Seine Geschichte bleibt.',
};
