/** Which rule of a market an order would break, as a choice inside a message. */
export const rule = `{rule, select,
  priceOffTick {der Preis liegt zwischen zwei Preisstufen}
  priceTooLow {der Preis ist zu niedrig}
  priceTooHigh {der Preis ist zu hoch}
  quantityOffLot {die Menge ist kein Vielfaches der kleinsten Einheit}
  quantityTooSmall {die Menge ist zu klein}
  quantityTooLarge {die Menge ist zu groß}
  notionalTooSmall {der Betrag ist zu klein}
  other {der Betrag ist zu groß}}`;
