import { languages, setDisplay, useDisplay } from '../../app/display.ts';
import { useSay } from '../../app/messages.ts';
import { Choice } from '../../parts/field.tsx';

/** Each language in its own words. */
const names = { en: 'English', de: 'Deutsch' } as const satisfies Readonly<
  Record<(typeof languages)[number], string>
>;

export function LanguageChoice() {
  const say = useSay();
  const { language } = useDisplay();
  return (
    <Choice
      label={say('settings.language')}
      value={language}
      options={languages.map((value) => ({ value, label: names[value] }))}
      onChange={(chosen) => setDisplay({ language: chosen })}
    />
  );
}
