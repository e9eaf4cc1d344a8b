import type { problems as english } from '../en/problems.ts';

export const problems: Readonly<Record<keyof typeof english, string>> = {
  'problem.bad-form': 'Der Server hat die Anfrage nicht verstanden. Nichts wurde getan.',
  'problem.not-signed-in': 'Sie sind nicht angemeldet. Nichts wurde getan.',
  'problem.bad-signature': 'Die Unterschrift der Anfrage stimmt nicht. Nichts wurde getan.',
  'problem.not-allowed': 'Ihre Rolle erlaubt das nicht. Nichts wurde getan.',
  'problem.cross-origin': 'Die Anfrage kam von einer anderen Website. Sie wurde abgelehnt.',
  'problem.passkey-needed': 'Dem muss ein Besitzer mit Passkey zustimmen. Nichts wurde geändert.',
  'problem.no-such-route':
    'Der Server kennt diese Anfrage nicht. Laden Sie die Seite neu: Sie ist vielleicht aus einer anderen Version.',
  'problem.not-found': 'Das gibt es nicht oder nicht mehr.',
  'problem.wrong-method':
    'Der Server nimmt diese Anfrage nicht an. Laden Sie die Seite neu: Sie ist vielleicht aus einer anderen Version.',
  'problem.conflict': 'So, wie es jetzt steht, geht das nicht.',
  'problem.idempotency-conflict':
    'Das wurde schon einmal mit anderem Inhalt gesendet. Es geschah kein zweites Mal.',
  'problem.idempotency-under-way': 'Dieselbe Anfrage läuft noch. Sie geschieht nicht zweimal.',
  'problem.too-large': 'Das ist zu groß für den Server. Nichts wurde getan.',
  'problem.wrong-type': 'Der Server hat die Form der Anfrage nicht verstanden. Nichts wurde getan.',
  'problem.wrong-host':
    'Unter diesem Namen antwortet der Server nicht. Öffnen Sie ihn so, wie das Terminal ihn nennt.',
  'problem.impossible': 'Das kann nicht gehen. Nichts wurde angelegt.',
  'problem.refused': 'Das wurde abgelehnt.',
  'problem.frozen': 'Eingefroren: Der Tresor unterschreibt nichts Neues, bis er aufgetaut wird.',
  'problem.idempotency-key-needed':
    'Der Anfrage fehlt das Zeichen, an dem eine Wiederholung erkannt wird. Nichts wurde getan.',
  'problem.too-many': 'Zu viel auf einmal. Nichts wurde getan; gleich noch einmal versuchen.',
  'problem.fault':
    'Der Server hat versagt. Vielleicht ist es trotzdem geschehen: Sehen Sie nach, bevor Sie noch einmal fragen.',
  'problem.database-away':
    'Die Datenbank hat nicht rechtzeitig geantwortet. Vielleicht ist es trotzdem geschehen: Sehen Sie nach, bevor Sie noch einmal fragen.',
  'problem.vault-away': 'Der Tresor antwortet nicht.',
  'problem.busy': 'Der Server hat gerade keine Antwort. Gleich noch einmal versuchen.',
  'refusal.unknown-connection': 'Der Tresor hat keinen solchen Schlüssel.',
  'refusal.unknown-venue': 'Der Tresor kennt diese Börse nicht.',
  'refusal.key-not-bound':
    'Die Kennung dieses Schlüssels an der Börse fehlt oder wurde seit dem Start des Tresors nicht geprüft.',
  'refusal.key-bound-otherwise':
    'Dieser Schlüssel war schon einmal verbunden. Machen Sie an der Börse einen neuen.',
  'refusal.key-can-withdraw':
    'Dieser Schlüssel kann Geld auszahlen. Er wird nicht benutzt. Machen Sie einen, der nur handeln darf.',
  'refusal.key-permission-missing':
    'Dieser Schlüssel darf nicht handeln. Erlauben Sie ihm an der Börse den Spot-Handel.',
  'refusal.key-type': 'Die Börse nimmt keine Schlüssel dieser Art. Nichts wurde angelegt.',
  'refusal.key-of-another':
    'Jemand anders hat diesen Schlüssel schon verbunden. Löschen Sie ihn an der Börse und machen Sie einen neuen.',
  'refusal.permissions-changed': 'Die Börse hat gelockert, was dieser Schlüssel darf. Er wird nicht benutzt.',
  'refusal.view-key-unclaimed': 'Niemand könnte die Belege dieses Schlüssels lesen. Nichts wurde angelegt.',
  'refusal.enrolment-unknown': 'Diese Aufnahme ist vorbei. Beginnen Sie noch einmal.',
  'refusal.enrolment-limit':
    'Zu viele Schlüssel werden gerade aufgenommen. Beenden Sie eine Aufnahme, oder warten Sie eine Viertelstunde.',
  'refusal.seal-refused':
    'Der Tresor kann dieses Päckchen nicht öffnen, oder es enthält keinen Schlüssel. Beginnen Sie noch einmal.',
  'refusal.stale-fence': 'Diesen Bot hat jetzt ein anderer Arbeiter. Nichts wurde gesendet.',
  'refusal.sequence-too-far':
    'Die Nummer dieses Auftrags folgt nicht auf die letzte des Bots. Nichts wurde gesendet.',
  'refusal.id-reused': 'Die Kennung dieses Auftrags wurde für etwas anderes benutzt. Nichts wurde gesendet.',
  'refusal.unknown-intent': 'Der Tresor weiß von keiner solchen Benutzung eines Schlüssels.',
  'refusal.mandate': 'Die Grenzen, die der Tresor durchsetzt, verbieten das. Nichts wurde gesendet.',
  'refusal.frozen': 'Eingefroren: Der Tresor unterschreibt nichts Neues, bis er aufgetaut wird.',
  'refusal.not-approved': 'Kein Passkey eines Besitzers hat dem zugestimmt. Nichts wurde geändert.',
  'refusal.last-owner': 'Das ist der letzte Passkey. Fügen Sie erst einen anderen hinzu.',
  'refusal.amount-too-long': 'Der Betrag hat zu viele Stellen. Nichts wurde gesendet.',
  'refusal.not-at-venue': 'Dafür hat die Börse keinen Platz. Nichts wurde gesendet.',
  'refusal.price-unknown':
    'Der Tresor hat keinen eigenen Preis, an dem er das prüfen kann. Nichts wurde gesendet.',
  'refusal.overloaded': 'Der Tresor kommt nicht nach. Nichts wurde gesendet; noch einmal versuchen.',
  'refusal.unwitnessed':
    'Die Beobachter des Protokolls haben es nicht rechtzeitig bestätigt. Nichts wurde geändert.',
  'refusal.builder-unavailable':
    'Die Anfrage konnte nicht gebaut werden. Nichts wurde gesendet; noch einmal versuchen.',
  'refusal.wire-check': 'Die gebaute Anfrage war nicht, was verlangt war. Nichts wurde gesendet.',
  'refusal.venue-busy':
    'Die Börse wurde zu viel gefragt. Nichts wurde gesendet; in einer Minute noch einmal versuchen.',
  'refusal.venue-refused': 'Die Börse hat abgelehnt.',
  'refusal.venue-silent': 'Die Börse hat nicht geantwortet.',
};
