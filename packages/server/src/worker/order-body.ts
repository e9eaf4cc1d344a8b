/** What a person asks for: one order on paper, in decimal strings. The form of the request and of the ledger's row. */
import { type Decoded, decimalText, nullable, oneOf, record, venueSymbol } from '@counterfoil/vocabulary';

export const orderBody = record({
  symbol: venueSymbol.codec,
  side: oneOf('buy', 'sell'),
  type: oneOf('limit', 'market'),
  amount: decimalText,
  sizedBy: oneOf('base', 'quote'),
  price: nullable(decimalText),
  timeInForce: nullable(oneOf('gtc', 'ioc', 'fok')),
});

export type OrderBody = Decoded<typeof orderBody>;
