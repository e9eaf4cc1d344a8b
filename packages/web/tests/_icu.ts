/** What a message is made of, as its parser sees it. */
import { IntlMessageFormat } from 'intl-messageformat';

export interface MessageParts {
  /** Names of the values that it is filled with. */
  readonly values: readonly string[];
  /** By the name of a value, the words that it chooses by. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
}

export function partsOf(message: string, language: string): MessageParts {
  const names = new Set<string>();
  const choices = new Map<string, readonly string[]>();
  const walk = (parts: ReturnType<IntlMessageFormat['getAst']>): void => {
    for (const part of parts) {
      if ('value' in part && part.type !== 0) names.add(part.value);
      if (!('options' in part)) continue;
      // A plural chooses by number, a choice by words.
      if (!('pluralType' in part)) choices.set(part.value, Object.keys(part.options));
      for (const { value } of Object.values(part.options)) walk(value);
    }
  };
  walk(new IntlMessageFormat(message, language).getAst());
  return { values: [...names].toSorted(), choices };
}
