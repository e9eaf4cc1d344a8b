/** What bots decided, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';
import { rule } from './rule.ts';

/** Ends a clause that begins with *weil*; a deal is masculine. */
const why = `{why, select,
  take_profit {sein Ziel erreicht ist}
  trailing_take_profit {der Preis um den Abstand von seinem besten Stand zurückkam}
  stop_loss {sein Stopp erreicht ist}
  signal {seine Bedingungen zum Schließen erfüllt sind}
  timeout {seine Zeit um ist}
  closed_by_user {Sie ihn geschlossen haben}
  cancelled_by_user {Sie ihn abgebrochen haben}
  converted {er als SmartTrade weiterläuft}
  not_opened {sein Einstieg nicht ausgeführt wurde}
  other {das Gitter angehalten wurde}}`;

const idle = `{idle, select,
  no_such_order {kein solcher Auftrag ist unterwegs}
  booked {Trade {detail} ist schon gebucht}
  no_such_trigger {auf diesen Auslöser wartet nichts}
  no_such_market {der Bot hat keinen solchen Markt}
  deal_over {der Deal ist beendet}
  other_market {der Deal läuft auf einem anderen Markt}
  not_trailing {der Deal ist nicht offen oder hat keinen nachlaufenden Abstand}
  other {in diesem Zustand geht das nicht}}`;

export const decisions: Readonly<Record<CodeOf<'decisions'>, string>> = {
  'bot-started': 'Der Bot wurde gestartet.',
  'bot-stopped': 'Der Bot wurde angehalten.',
  'bot-stopped-by-stop-loss': 'Der Bot hielt sich selbst an, weil ein Stopp erreicht wurde.',
  'bot-stopped-after-deals': 'Der Bot hielt sich nach seinem letzten Deal selbst an.',
  'waiting-for-deal-slot': '{active} von {most} Deals laufen; der nächste wartet auf einen freien Platz.',
  'waiting-for-cooldown': 'Die Pause nach dem letzten Deal auf {symbol} endet um {until}.',
  'waiting-for-start-delay': 'Die Wartezeit vor einem Deal auf {symbol} endet um {until}.',
  'waiting-for-price-range': 'Der Preis von {symbol}, {price}, liegt außerhalb des Bereichs für neue Deals.',
  'waiting-for-signal': 'Ein Deal auf {symbol} wartet auf das Signal „{signal}“.',
  'order-too-small': `Ein Auftrag auf {symbol} würde abgelehnt: ${rule}, die Grenze ist {least}.`,
  'deal-started': 'Deal {deal} auf {symbol} begann: {quantity} {base} zu {price}.',
  'deal-opened': 'Deal {deal} ist offen: {quantity} {base} zu {price}.',
  averaged: 'Nachkauf {step} von Deal {deal} zu {price} ausgeführt; der Durchschnitt ist {average}.',
  'target-taken': 'Ziel {step} von Deal {deal} zu {price} mitgenommen.',
  'trailing-began': 'Deal {deal} läuft ab {price} nach.',
  'stop-countdown-began':
    'Der Preis ist jenseits des Stopps von Deal {deal}; er schließt um {until}, wenn der Preis nicht zurückkommt.',
  'stop-countdown-ended': 'Der Preis kam zurück; der Stopp von Deal {deal} wartet wieder.',
  'stop-moved': 'Der Stopp von Deal {deal} steht jetzt bei {price}.',
  'profit-too-small':
    'Deal {deal} bleibt offen: Sein Gewinn von {profit} {quote} liegt unter den gewünschten {wanted} {quote}.',
  closing: `Deal {deal} schließt zu {price}, weil ${why}.`,
  'deal-closed': `Deal {deal} auf {symbol} ist geschlossen, weil ${why}: {profit} {quote}.`,
  'order-refused': 'Auftrag {order} wurde abgelehnt („{quoted}“); um {until} wird er erneut gestellt.',
  'order-ended-by-venue': 'Die Börse beendete Auftrag {order}; um {until} wird er erneut gestellt.',
  ignored: `{what} änderte nichts: ${idle}.`,
  'grid-line-filled': 'Linie {line} hat zu {price} {side, select, buy {gekauft} other {verkauft}}.',
  'grid-shifted': 'Das Gitter wurde verschoben: {lower} bis {upper}.',
  'grid-balanced': 'Das Gitter kaufte {quantity} {base} für seine oberen Linien.',
};
