/** An ICU message with its values. */
import { IntlMessageFormat } from 'intl-messageformat';

export type MessageValues = Readonly<Record<string, string | number>>;

/** Each message is read once. */
const read = new Map<string, IntlMessageFormat>();

export function filled(language: string, message: string, values?: MessageValues): string {
  const name = `${language} ${message}`;
  let format = read.get(name);
  if (format === undefined) {
    format = new IntlMessageFormat(message, language);
    read.set(name, format);
  }
  return String(format.format(values));
}
