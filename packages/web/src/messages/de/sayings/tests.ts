/** What previews and tests say besides their figures, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';

export const tests: Readonly<Record<CodeOf<'tests'>, string>> = {
  'plan-without-stop': 'Ohne Stopp kann ein Deal alles verlieren, womit er eingestiegen ist.',
  'plan-without-target': 'Ohne Ziel schließt der Deal nur durch Bedingung, Zeit oder von Hand.',
  'plan-in-percent': 'Größen in Prozent rechnen mit dem Geld, das dann frei ist.',
  'grid-without-stop': 'Unter seiner untersten Linie behält das Gitter, was es gekauft hat, ohne Stopp.',
  'position-without-stop': 'Ohne Stopp kann die Position alles verlieren.',

  'prices-made-up':
    'Die Preise sind erfunden: Das zeigt, wie der Bot arbeitet, und sagt nichts darüber, was er verdienen würde.',
  'path-matters':
    'Das Ergebnis hängt um mehr als die Hälfte des Gewinns davon ab, in welcher Reihenfolge die Preise in einer Kerze kamen: Trauen Sie ihm erst mit feineren Daten.',
  'candles-coarse':
    'Die Kerzen sind länger als eine Minute: Stopps und Nachlaufen in ihrem Inneren sind geraten.',
  'candles-missing':
    'Den Daten fehlen {missing} von {expected} Kerzen; Aufträge über eine Lücke hinweg werden zum Preis danach ausgeführt.',
  'volumes-rounded':
    '{volumes, plural, one {Ein Volumen hatte} other {# Volumen hatten}} mehr als acht Nachkommastellen und {volumes, plural, one {wurde} other {wurden}} gerundet.',
  'deals-few':
    '{deals, plural, =0 {Kein Deal wurde} one {Nur ein Deal wurde} other {Nur # Deals wurden}} geschlossen: zu wenige, um Können von Glück zu unterscheiden.',
  'holding-better': 'Am Anfang zu kaufen und zu halten hätte am Ende mehr übrig gelassen.',
  'rows-cut':
    'Von {total} {rowsOf, select, deals {Deals} other {Ausführungen}} sind die letzten {shown} gezeigt; die Kennzahlen zählen alle.',
  'combinations-left-out':
    '{combinations, plural, one {Eine Kombination kann} other {# Kombinationen können}} nicht gehen und {combinations, plural, one {blieb} other {blieben}} weg, die erste mit dem Grund: „{quoted}“',
  'best-of-many':
    'Das Beste aus vielen Versuchen ist zum Teil Glück: Probieren Sie es an Daten, nach denen es nicht ausgesucht wurde.',

  'assumes-path': `{path, select,
    adaptive {In einer Kerze kommt zuerst der Rand, der näher am Eröffnungspreis liegt.}
    low_first {In einer Kerze kommt das Tief vor dem Hoch.}
    high_first {In einer Kerze kommt das Hoch vor dem Tief.}
    other {Nur Schlusspreise werden gesehen.}}`,
  'assumes-trades':
    'Trades werden einzeln wiederholt, in ihrer Reihenfolge und auf die Sekunde; dazwischen wird nichts angenommen.',
  'assumes-limit-beyond':
    'Ein ruhender Limit-Auftrag wird zu seinem Preis ausgeführt, und nur, wenn der Preis mindestens eine Stufe darüber hinausgeht.',
  'assumes-gap':
    'Ein Stopp- oder Marktauftrag über eine Lücke hinweg wird zum Preis nach der Lücke ausgeführt.',
  'assumes-takers-pay': 'Wer sofort nimmt, zahlt die halbe Spanne ({spread} %) und Schlupf ({slippage} %).',
  'assumes-whole': 'Aufträge werden ganz ausgeführt, wie groß das Volumen auch ist.',
  'assumes-share':
    'Aufträge nehmen höchstens {share} % vom Volumen {rows, select, trades {eines Trades} other {einer Kerze}}; der Rest wartet.',
  'assumes-fees': `{feeIn, select,
    quote {Gebühren werden in der Notierung abgezogen.}
    received {Gebühren werden von dem abgezogen, was ein Trade einbringt.}
    other {Gebühren werden in einer dritten Währung bezahlt und sind nicht Teil des Gewinns.}}`,
  'assumes-filters': 'Aufträge, die eine Regel der Börse brechen oder kein Guthaben haben, werden abgelehnt.',
  'assumes-at-once':
    'Aufträge erreichen die Börse sofort; Tiefe über die Aufzeichnung hinaus, Warteschlangen und Laufzeiten sind nicht nachgebildet.',

  'test-of-bot':
    '{job, select, backtest {Backtest} other {Durchlauf}}, {kind, select, dca {DCA} grid {Gitter} other {SmartTrade}} auf {dataSet}',
};
