import type { foreign as english } from '../en/foreign.ts';

export const foreign: Readonly<Record<keyof typeof english, string>> = {
  'foreign.none': 'Jeder Trade an der Börse hat hier einen Beleg.',
  'foreign.question': 'Ein Trade, der nicht von uns ist.',
  'foreign.sentence': '{side, select, buy {Kauf} other {Verkauf}} {quantity} {symbol} zu {price},',
  'foreign.answer.mine': 'Das war ich',
  'foreign.answer.other-app': 'Eine andere App von mir',
  'foreign.answer.not-me': 'Nicht ich, einfrieren',
  'foreign.asked': 'Was gefragt ist, steht oben auf dieser Seite.',
  'foreign.account': 'bei {venue}, Konto des Schlüssels „{label}“.',
  'foreign.answered.open': 'noch nicht beantwortet',
  'foreign.answered.mine': 'Sie sagen: Das war ich.',
  'foreign.answered.other-app': 'Sie sagen: eine andere App von mir.',
  'foreign.answered.not-me': 'Sie sagen: nicht ich.',
  'foreign.steps': 'Was jetzt zu tun ist',
  'notMe.title': 'Nicht Ihr Trade: was jetzt zu tun ist',
  'notMe.none': 'Einen solchen Trade gibt es in diesem Arbeitsbereich nicht.',
  'notMe.done': 'Erledigt',
  'notMe.state.done': '✓ erledigt',
  'notMe.state.open': '◌ zu tun',
  'notMe.frozen': 'Einfrieren',
  'notMe.frozen.is': 'Der Tresor unterschreibt nichts mehr mit „{label}“, seit',
  'notMe.frozen.not':
    'Er ist nicht mehr eingefroren: Der Tresor unterschreibt mit diesem Schlüssel. Halten Sie „Einfrieren“, um ihn anzuhalten.',
  'notMe.delete': 'Den Schlüssel an der Börse löschen',
  'notMe.delete.why':
    'Nur das hält eine Kopie auf. Melden Sie sich an der Börse unter ihrer Adresse an, die Sie selbst eintippen, nie über einen Link in einer Nachricht.',
  'notMe.password': 'Passwort und Passkey der Börse ändern',
  'notMe.password.why':
    'Wer den Trade aufgegeben hat, ist dort vielleicht angemeldet. Beenden Sie alle anderen Sitzungen und suchen Sie Schlüssel, die Sie nicht kennen.',
  'notMe.evidence': 'Beweise sichern',
  'notMe.evidence.what':
    'Eine Datei: der Trade, der Schlüssel ohne alles Geheime, Ihre neuesten Aufträge, wer hier was getan hat, und der unterschriebene Kopf des Protokolls, das den Trade nicht erklärt.',
  'notMe.evidence.save': 'Datei sichern',
  'notMe.report': 'Der Börse schreiben',
  'notMe.report.how':
    'Schreiben Sie ihrem Support mit der Datei: welcher Auftrag es war, dass kein Tresor von Ihnen ihn unterschrieben hat, und dass Sie fragen, von welchem Schlüssel und welcher Adresse er kam. Counterfoil schreibt niemandem von selbst.',
  'notMe.kept': 'Die Haken bleiben in diesem Browser.',
  'notMe.then': 'Wenn der alte Schlüssel gelöscht ist, geben Sie der Verbindung einen neuen:',
};
