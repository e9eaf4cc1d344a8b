import type { receipts as english } from '../en/receipts.ts';

export const receipts: Readonly<Record<keyof typeof english, string>> = {
  'receipt.title': 'Beleg',
  'receipt.well': 'Ihr Browser hat das eben geprüft. {passed} von {total} Prüfungen bestanden.',
  'receipt.bad': 'Dieser Beleg hält nicht. Die Prüfung „{name}“ ist gescheitert.',
  'receipt.bad.todo':
    'Verlassen Sie sich nicht darauf. Sichern Sie ihn als Beweis, und frieren Sie ein, wenn Sie ihn nicht selbst gefälscht haben.',
  'receipt.watchers.none':
    'Kein Beobachter ist eingesetzt: Sie vertrauen diesem Server, nicht zwei Geschichten zu zeigen.',
  'receipt.missing': 'Es gibt keinen Beleg: Für diesen Auftrag wurde kein Schlüssel benutzt.',
  'receipt.forge': 'Versuchen Sie, ihn zu fälschen',
  'receipt.forge.price': 'Preis im Beleg',
  'receipt.forge.do': 'Fälschen',
  'receipt.forge.undo': 'Rückgängig',
  'receipt.forge.how':
    'Das versiegelt den Beleg neu mit Ihrem Preis; nur wer den Leseschlüssel hat, kann das.',
  'receipt.download': 'Herunterladen',
  'receipt.command': 'Befehl kopieren',
  'receipt.where': 'in Ihrem Browser',
  'receipt.expected': 'Erwartet',
  'receipt.found': 'Gefunden',
  'receipt.closed': 'Der Inhalt ist für seinen Besitzer versiegelt; dieser Browser hat keinen Leseschlüssel.',
  'receipt.content': 'Was das Blatt sagt',
  'check.policy': 'Log-Schlüssel bekannt',
  'check.form': 'Form stimmt',
  'check.signature': 'Vom Log signiert',
  'check.inclusion': 'Es ist im Log',
  'check.content': 'Inhalt passt zum Fingerabdruck',
  'receipts.title': 'Belege',
  'receipts.intro':
    'Jeder Gebrauch eines Schlüssels steht in einem Log, bevor er wirkt. Dieser Browser prüft jeden Beleg selbst; jeder andere kann das auch, ohne diesem Server zu trauen.',
  'receipts.log': 'Das Log',
  'receipts.head': '{origin}, {size} Einträge, Wurzel',
  'receipts.offline': 'Offline-Prüfer',
  'receipts.empty': 'Ihr erster Auftrag macht Ihren ersten Beleg.',
  'receipts.filter': 'Filter',
  'receipts.any': 'Alle',
  'receipts.result': 'Ergebnis',
  'receipts.there': 'Vorhanden',
  'receipts.missing': 'Kein Beleg',
  'receipts.none': 'Keiner dieser Aufträge passt. Zeigen Sie ältere oder weiten Sie den Filter.',
  'receipts.older': 'Ältere zeigen',
  'receipt.sentence':
    'Der Tresor hat unterschrieben: {side, select, buy {Kauf} other {Verkauf}} {quantity} {symbol} zu {price} für Bot {bot}. {state}.',
};
