/** Tells the server's sayings from a dictionary of their codes. */
import { type Saying, type SayingCode, type ValueName, valueKinds } from '@counterfoil/api/sayings';
import { grouped } from '../parts/decimal-text.ts';
import { timeText } from '../parts/time-text.ts';
import { type MessageValues, filled } from './filled.ts';

export function teller(
  language: string,
  dictionary: Readonly<Record<SayingCode, string>>,
): (saying: Saying) => string | undefined {
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const told = ({ code, values }: Saying): string =>
    filled(
      language,
      dictionary[code],
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, shown(name as ValueName, value)]),
      ),
    );
  const shown = (name: ValueName, value: unknown): MessageValues[string] => {
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
      case 'sayings':
        return list.format((value as readonly Saying[]).map(told));
      default:
        // A choice in a message takes no hyphen in its names.
        return String(value).replaceAll('-', '_');
    }
  };
  return (saying) => (Object.hasOwn(dictionary, saying.code) ? told(saying) : undefined);
}
