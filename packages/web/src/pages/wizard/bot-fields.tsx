/** The wizard's fields: preset, market, budget; *More* unfolds the rest. */
import type { Connection, Market, Validation } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { Told } from '../../parts/told.tsx';
import { type BotForm, presetValues, presets } from './bot-form.ts';

export interface BotFieldsProps {
  readonly form: BotForm;
  readonly onChange: (part: Partial<BotForm>) => void;
  readonly markets: readonly Market[];
  readonly connections: readonly Connection[];
  readonly refusals: Validation['refusals'];
}

export function BotFields({ form, onChange, markets, connections, refusals }: BotFieldsProps) {
  const say = useSay();
  const quote = markets.find(({ symbol }) => symbol === form.symbol)?.quote ?? '';
  const ready = connections.filter(({ state }) => state === 'ready');
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend className="mb-2 text-sm text-muted">{say('wizard.preset')}</legend>
        <div className="grid gap-2">
          {presets.map((preset) => (
            <label
              key={preset}
              className={`flex cursor-pointer gap-3 rounded-md border p-3 ${form.preset === preset ? 'border-accent' : 'border-line'}`}
            >
              <input
                type="radio"
                name="preset"
                checked={form.preset === preset}
                onChange={() => onChange({ preset, ...presetValues[preset] })}
              />
              <span>
                <span className="font-medium">{say(`wizard.preset.${preset}`)}</span>
                <span className="block text-sm text-muted">{say(`wizard.preset.${preset}.hint`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <Choice
        label={say('wizard.market')}
        value={form.symbol}
        options={markets.map(({ symbol }) => ({ value: symbol, label: symbol }))}
        onChange={(symbol) => onChange({ symbol, lower: '', upper: '' })}
      />
      <Field
        label={say('wizard.budget')}
        value={form.budget}
        onChange={(budget) => onChange({ budget })}
        unit={quote}
        inputMode="decimal"
        hint={say('wizard.budget.hint')}
      />
      {refusals.length > 0 && (
        <div role="alert" className="rounded-md border border-danger p-3">
          <ul className="flex flex-col gap-1">
            {refusals.map(({ field, message, said }) => (
              <li key={field + message}>
                ⚠ <Told of={{ sentence: message, said }} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <details className="rounded-md border border-line p-3">
        <summary className="cursor-pointer font-medium">{say('wizard.more')}</summary>
        <div className="mt-3 grid gap-3 sm:grid-cols-2">
          <Field
            label={say('bots.name')}
            value={form.name}
            onChange={(name) => onChange({ name })}
            maxLength={80}
          />
          <Choice
            label={say('wizard.connection')}
            value={form.connection}
            options={ready.map(({ id, label }) => ({ value: id, label }))}
            onChange={(connection) => onChange({ connection })}
          />
          {form.preset === 'grid' ? (
            <GridFields form={form} onChange={onChange} quote={quote} />
          ) : (
            <DcaFields form={form} onChange={onChange} />
          )}
        </div>
      </details>
    </form>
  );
}

type PartProps = Pick<BotFieldsProps, 'form' | 'onChange'>;

function DcaFields({ form, onChange }: PartProps) {
  const say = useSay();
  return (
    <>
      <Choice
        label={say('wizard.direction')}
        value={form.direction}
        options={[
          { value: 'long', label: say('wizard.long') },
          { value: 'short', label: say('wizard.short') },
        ]}
        onChange={(direction) => onChange({ direction })}
      />
      <Field
        label={say('wizard.steps')}
        value={form.steps}
        onChange={(steps) => onChange({ steps })}
        inputMode="numeric"
      />
      <Percent
        label={say('wizard.deviation')}
        value={form.deviation}
        onChange={(deviation) => onChange({ deviation })}
      />
      <Field
        label={say('wizard.stepScale')}
        value={form.stepScale}
        onChange={(stepScale) => onChange({ stepScale })}
        inputMode="decimal"
      />
      <Field
        label={say('wizard.volumeScale')}
        value={form.volumeScale}
        onChange={(volumeScale) => onChange({ volumeScale })}
        inputMode="decimal"
      />
      <Percent
        label={say('wizard.takeProfit')}
        value={form.takeProfit}
        onChange={(takeProfit) => onChange({ takeProfit })}
      />
      <Percent
        label={say('wizard.trailing')}
        value={form.trailing}
        onChange={(trailing) => onChange({ trailing })}
        hint={say('wizard.off')}
      />
      <Percent
        label={say('wizard.stopLoss')}
        value={form.stopLoss}
        onChange={(stopLoss) => onChange({ stopLoss })}
        hint={say('wizard.off')}
      />
    </>
  );
}

function GridFields({ form, onChange, quote }: PartProps & { readonly quote: string }) {
  const say = useSay();
  return (
    <>
      <Field
        label={say('wizard.lower')}
        value={form.lower}
        onChange={(lower) => onChange({ lower })}
        unit={quote}
        inputMode="decimal"
      />
      <Field
        label={say('wizard.upper')}
        value={form.upper}
        onChange={(upper) => onChange({ upper })}
        unit={quote}
        inputMode="decimal"
      />
      <Field
        label={say('wizard.lines')}
        value={form.lines}
        onChange={(lines) => onChange({ lines })}
        inputMode="numeric"
      />
    </>
  );
}

interface PercentProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
}

function Percent(props: PercentProps) {
  return <Field {...props} unit="%" inputMode="decimal" />;
}
