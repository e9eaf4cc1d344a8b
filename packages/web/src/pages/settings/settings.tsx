/** How this browser shows things, who is told, programs that may call, and what this installation is. */
import { type Display, palettes, setDisplay, themes, useDisplay } from '../../app/display.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Choice } from '../../parts/field.tsx';
import { Shown } from '../../parts/shown.tsx';
import { LanguageChoice } from '../welcome/language-choice.tsx';
import { Channels } from './channels.tsx';
import { Tokens } from './tokens.tsx';

const densities = ['comfortable', 'compact'] as const satisfies readonly Display['density'][];

export function Settings() {
  const say = useSay();
  const display = useDisplay();
  const session = useAnswer('getSession', {});
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('nav.settings')}</h1>
      <Card title={say('settings.display')}>
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
          <LanguageChoice />
          <Choice
            label={say('settings.theme')}
            value={display.theme}
            options={themes.map((value) => ({ value, label: say(`settings.theme.${value}`) }))}
            onChange={(theme) => setDisplay({ theme })}
          />
          <Choice
            label={say('settings.palette')}
            value={display.palette}
            options={palettes.map((value) => ({ value, label: say(`settings.palette.${value}`) }))}
            onChange={(palette) => setDisplay({ palette })}
          />
          <Choice
            label={say('settings.density')}
            value={display.density}
            options={densities.map((value) => ({ value, label: say(`settings.density.${value}`) }))}
            onChange={(density) => setDisplay({ density })}
          />
        </div>
      </Card>
      <Channels />
      <Tokens />
      <Card title={say('settings.about')}>
        <Shown answer={session}>{({ version }) => <p>Counterfoil {version} · Apache-2.0</p>}</Shown>
        <p className="mt-2 text-sm text-muted">
          {say('settings.charts')}{' '}
          <a className="underline" href="https://www.tradingview.com/" rel="noreferrer">
            TradingView
          </a>
          . TradingView Lightweight Charts™ Copyright © 2025 TradingView, Inc. https://www.tradingview.com/
        </p>
        <p className="mt-2 text-sm text-muted">{say('settings.contacts')}</p>
      </Card>
    </div>
  );
}
