import type { connect as english } from '../en/connect.ts';

export const connect: Readonly<Record<keyof typeof english, string>> = {
  'connect.title': 'Eine Börse verbinden',
  'connect.choose': '1. Wie der Schlüssel entsteht',
  'connect.way.vault-born':
    'Der Tresor macht ein Schlüsselpaar. Die Börse bekommt nur die öffentliche Hälfte.',
  'connect.make': '2. Den Schlüssel machen',
  'connect.make.do': 'Schlüsselpaar machen',
  'connect.venue.paper': 'Papier-Börse (eingebaut)',
  'connect.venue': 'Börse',
  'connect.type': 'Art des Schlüssels',
  'connect.label': 'Bezeichnung',
  'connect.register': '3. An der Börse eintragen',
  'connect.register.how':
    'Tragen Sie diesen öffentlichen Schlüssel an der Börse ein und fügen Sie die Kennung ein, die sie zeigt.',
  'connect.taken': '3. Eingetragen',
  'connect.taken.how':
    'Die Papierbörse hat die öffentliche Hälfte von „{label}“ selbst übernommen. Die geheime ist im Tresor.',
  'connect.copy': 'Öffentlichen Schlüssel kopieren',
  'connect.permissions':
    'Erlauben Sie Lesen und Spothandel. Auszahlungen aus: Ein Schlüssel, der auszahlen darf, wird abgelehnt.',
  'connect.id': 'Kennung des API-Schlüssels',
  'connect.check': '4. Prüfen',
  'connect.protects': 'Was das schützt und was nicht',
  'connect.does.vault-born': 'Die geheime Hälfte entstand im Tresor und hat ihn nie verlassen.',
  'connect.doesnot.vault-born': 'Wer den Rechner des Tresors übernimmt, könnte ihn noch benutzen.',
  'connect.does.sealed':
    'Ihr Browser hat das Geheimnis vor dem Senden für den Tresor verschlossen. Der Server trug eine Kiste, die er nicht öffnen kann.',
  'connect.doesnot.sealed':
    'Sie haben es gesehen und eingefügt: Zwischenablage, Erweiterungen und der Code dieser Seite hätten es lesen können.',
  'connect.doesnot.all':
    'Ein übernommener Server kann in Ihren Grenzen handeln, bis es auffällt. Auszahlen lässt sich nicht ausdrücken.',
  'connect.way.sealed':
    'Sie fügen einen Schlüssel der Börse ein; dieser Browser verschließt ihn vor dem Senden für den Tresor.',
  'connect.seal': '2. Den Schlüssel für den Tresor verschließen',
  'connect.seal.prefer':
    'Besser ist ein Schlüssel aus dem Tresor oder „npx counterfoil seal“ im Terminal: Diese Seite kommt von einem Server, der verändert sein könnte.',
  'connect.secret': 'API-Geheimnis oder privater Schlüssel',
  'connect.seal.do': 'Verschließen',
  'connect.locked': 'Verschlossen. Der Server kann es nicht lesen. Tresor:',
  'connect.locked.compare': 'Vergleichen Sie den Tresor mit der Anzeige im Terminal.',
  'connect.clipboard': 'Zwischenablage leeren',
};
