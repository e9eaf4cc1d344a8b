/** Why options cannot work, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';
import { rule } from './rule.ts';

const smallest = `${rule} (Grenze {least}). Der kleinste Auftrag auf {symbol} ist {smallest} {quote}`;

export const refusals: Readonly<Record<CodeOf<'refusals'>, string>> = {
  'number-out-of-range': '{field} ist {given}; wählen Sie eine ganze Zahl von {min} bis {max}.',
  'scale-out-of-range': '{field} ist {given}; wählen Sie 0.1 bis 10.',
  'rate-out-of-range': '{field} ist {given}; wählen Sie 0 % bis 100 %.',
  'market-missing': 'Ein Bot braucht einen Markt, auf dem er handelt.',
  'market-of-other-quote':
    '{symbol} ist nicht in {quote} notiert; die Auftragsgrößen eines Bots zählen in einer einzigen Notierung.',
  'market-not-spot': '{symbol} ist ein Kontrakt ({contract}); dieser Bot handelt Spotmärkte.',
  'trade-not-spot': '{symbol} ist ein Kontrakt ({contract}); SmartTrades handeln hier Spotmärkte.',
  'range-for-one-market':
    'Ein Preisbereich in der Notierung passt nur zu einem Markt; geben Sie ihn in Prozent an.',
  'percent-of-base':
    'Prozent des freien Bestands sind über mehrere Märkte nicht bestimmt; geben Sie die Größe in der Notierung oder als Menge an.',
  'indicator-impossible': 'Den Indikator gibt es so nicht: „{quoted}“',
  'conditions-mixed':
    '{field} mischt Bedingungen an Kerzen und Signale von außen; nur der Beginn eines Deals kann auf beides warten.',
  'ladder-without-distance': 'Nachkäufe brauchen einen Abstand vom ersten Auftrag.',
  'targets-not-rising': 'Jedes Ziel muss weiter liegen als das vorige: {given} ist nicht mehr als {before}.',
  'target-without-share': 'Jedes Ziel braucht einen Anteil an der Position.',
  'shares-not-whole': 'Die Anteile der Ziele ergeben {given}; sie müssen 100 % ergeben.',
  'shares-whole': 'Die Anteile der Ziele müssen 100 % ergeben.',
  'nothing-closes':
    'Nichts würde je einen Deal mit Gewinn schließen: Fügen Sie ein Ziel, Bedingungen zum Schließen oder eine Frist hinzu.',
  'trail-without-target': 'Nachlaufen beginnt an einem Ziel; fügen Sie eines hinzu.',
  'trail-not-possible':
    'Ein nachlaufender Abstand von {given} muss zwischen 0.0001 % und 99.9999 % liegen, in Schritten von 0.0001 %.',
  'trail-distance':
    'Ein nachlaufender Abstand muss zwischen 0.0001 % und 99.9999 % liegen, in Schritten von 0.0001 %.',
  'stop-not-possible': 'Ein Stopp bei {given} ist nie oder sofort erreicht.',
  'stop-before-averaging':
    'Der Stopp bei {given} würde den Deal vor seinem letzten Nachkauf bei {deepest} schließen; legen Sie ihn dahinter, oder nehmen Sie weniger Nachkäufe.',
  'reinvest-in-quote':
    'Wieder anzulegen rechnet Gewinne in der Notierung gegen Auftragsgrößen in der Notierung: Stellen Sie beides darauf ein.',
  'averaging-on-same-price':
    'Nachkauf {step} auf {symbol} läge auf dem Preis des vorigen ({price}); die Preisstufe des Marktes ist {tick}: Nehmen Sie einen größeren Abstand oder weniger Aufträge.',
  'averaging-below-zero':
    'Nachkauf {step} auf {symbol} läge bei einem Preis von null oder darunter; nehmen Sie einen kleineren Abstand, eine kleinere Staffelung oder weniger Aufträge.',
  'base-breaks-rule': `Der erste Auftrag geht nicht: ${smallest}; vergrößern Sie ihn.`,
  'averaging-breaks-rule': `Nachkauf {step} geht nicht: ${smallest}; vergrößern Sie ihn.`,
  'position-breaks-rule': `Die Position geht nicht: ${smallest}.`,
  'line-breaks-rule': `Der Auftrag der Linie {line} geht nicht: ${smallest}; vergrößern Sie ihn.`,
  'money-short':
    'Die freien {held} {asset} decken {covered} von {orders} Aufträgen eines Deals, der {needed} {asset} braucht; nehmen Sie kleinere oder weniger Aufträge.',
  'bounds-crossed': 'Die untere Grenze {lower} muss über null und unter der oberen Grenze {upper} liegen.',
  'upper-stop-inside':
    'Der obere Stopp muss über dem Gitter liegen, sonst hält er an, bevor die letzte Linie verkaufen kann.',
  'lower-stop-inside':
    'Der untere Stopp muss unter dem Gitter liegen, sonst hält er an, bevor die letzte Linie kaufen kann.',
  'lines-on-same-price':
    'Die Linien {line} und {next} fallen auf denselben Preis {price}: Die Preisstufe von {symbol} ist {tick}; nehmen Sie weniger Linien oder einen weiteren Bereich.',
  'lines-eaten-by-fees':
    'Zwischen den Linien {line} und {next} ({lower} und {upper}) fressen die Gebühren von Kauf und Verkauf den ganzen Gewinn; nehmen Sie weniger Linien oder einen weiteren Bereich.',
  'grid-quote-short':
    'Das Gitter braucht {needed} {quote}, und {held} sind frei; nehmen Sie eine kleinere Größe oder weniger Linien.',
  'grid-base-short':
    'Die Linien über dem Preis verkaufen {needed} {base}, und {held} sind frei; lassen Sie den Bot den Rest am Anfang kaufen.',
  'entry-trails-to-market': 'Ein nachlaufender Einstieg geht zum Markt; geben Sie keinen Limitpreis an.',
  'held-without-exit': 'Eine gehaltene Position braucht ein Ziel oder einen Stopp, sonst ist nichts zu tun.',
  'trade-without-end': 'Der Trade würde nie enden: Fügen Sie ein Ziel oder einen Stopp hinzu.',
  'target-without-gain':
    'Jedes Ziel muss ein Gewinn gegenüber dem Einstieg bei {price} sein; für Verluste ist der Stopp da.',
  'stop-without-loss': 'Der Stopp muss auf der Verlustseite des Einstiegs bei {price} liegen.',
};
