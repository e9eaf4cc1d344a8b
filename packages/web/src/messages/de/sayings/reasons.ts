/** Why an order was placed, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';

export const reasons: Readonly<Record<CodeOf<'reasons'>, string>> = {
  'order-by-hand': 'Sie haben ihn von Hand gestellt.',
  'order-begins-deal': 'Er beginnt einen Deal.',
  'order-enters': 'Er eröffnet die Position.',
  'order-averages': 'Der Preis lief so weit gegen den Deal, wie Nachkauf {step} verlangt.',
  'order-takes-profit': 'Er nimmt den Gewinn bei Ziel {step} mit.',
  'order-closes': 'Er schließt die Position zum Markt.',
  'order-adds': 'Sie haben die Position vergrößert.',
  'order-reduces': 'Sie haben einen Teil der Position geschlossen.',
  'order-balances': 'Er kauft, was die oberen Linien des Gitters verkaufen werden.',
  'order-of-line': 'Er gehört zu einer Linie des Gitters.',
  'order-wanted': 'Der Bot wollte ihn.',
};
