/** Tells the server's sayings from a dictionary of their codes. */
import type { Saying, SayingCode } from '@counterfoil/api/sayings';
import { type ValueName, valueKinds } from '@counterfoil/api/sayings/values';
import { grouped } from '../parts/decimal-text.ts';
import { timeText } from '../parts/time-text.ts';
import { type MessageValues, filled } from './filled.ts';

type Shown = MessageValues[string] | undefined;

/** Undefined where a code is not in the dictionary, be it of the saying itself or of one that it is made of. */
export function teller(
  language: string,
  dictionary: Readonly<Partial<Record<SayingCode, string>>>,
): (saying: Saying) => string | undefined {
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const told = ({ code, values }: Saying): string | undefined => {
    const message = Object.hasOwn(dictionary, code) ? dictionary[code] : undefined;
    const given = Object.entries(values).map(([name, value]) => [name, shown(name as ValueName, value)]);
    if (message === undefined || given.some(([, value]) => value === undefined)) return undefined;
    return filled(language, message, Object.fromEntries(given) as MessageValues);
  };
  const shown = (name: ValueName, value: unknown): Shown => {
    const kind = valueKinds[name];
    switch (kind) {
      case 'count':
        return Number(value);
      case 'decimal':
        return grouped(String(value));
      case 'instant':
        return timeText(String(value), language);
      case 'text':
        return String(value);
      // The contract says that these are sayings.
      case 'saying':
        return told(value as Saying);
      case 'sayings': {
        const all = (value as readonly Saying[]).map(told).filter((one) => one !== undefined);
        return all.length < (value as readonly Saying[]).length ? undefined : list.format(all);
      }
      default:
        // A choice in a message takes no hyphen in its names.
        return String(value).replaceAll('-', '_');
    }
  };
  return told;
}
