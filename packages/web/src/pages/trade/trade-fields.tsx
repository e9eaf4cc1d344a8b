import type { Connection, Market } from '@counterfoil/api';
import type { KeyboardEvent } from 'react';
import { useSay } from '../../app/messages.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { type TradeForm, priceStepped, targetFields } from './trade-form.ts';

type PriceField = 'entryPrice' | 'stop' | (typeof targetFields)[number];

export interface TradeFieldsProps {
  readonly form: TradeForm;
  readonly onChange: (part: Partial<TradeForm>) => void;
  readonly markets: readonly Market[];
  readonly connections: readonly Connection[];
}

/** Everything that the lines on the chart say, as fields: for keyboards, and for exact figures. */
export function TradeFields({ form, onChange, markets, connections }: TradeFieldsProps) {
  const say = useSay();
  const market = markets.find(({ symbol }) => symbol === form.symbol);
  /** What dragging a line does, for keyboards. */
  const stepped = (field: PriceField) => (event: KeyboardEvent) => {
    const steps = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (steps === 0 || form[field] === '' || market === undefined) return;
    event.preventDefault();
    onChange({ [field]: priceStepped(form[field], market.tick, steps) });
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label={say('wizard.market')}
        value={form.symbol}
        options={markets.map(({ symbol }) => ({ value: symbol, label: symbol }))}
        onChange={(symbol) => onChange({ symbol, entryPrice: '' })}
      />
      <Choice
        label={say('wizard.connection')}
        value={form.connection}
        options={connections.map(({ id, label }) => ({ value: id, label }))}
        onChange={(connection) => onChange({ connection })}
      />
      <Choice
        label={say('wizard.direction')}
        value={form.direction}
        options={[
          { value: 'long', label: say('wizard.long') },
          { value: 'short', label: say('wizard.short') },
        ]}
        onChange={(direction) => onChange({ direction, entryPrice: '' })}
      />
      <Choice
        label={say('trade.entry')}
        value={form.entry}
        options={[
          { value: 'limit', label: say('trade.entry.limit') },
          { value: 'market', label: say('trade.entry.market') },
          { value: 'conditional', label: say('trade.entry.conditional') },
        ]}
        onChange={(entry) => onChange({ entry })}
      />
      {form.entry !== 'market' && (
        <Field
          label={say('trade.entry.price')}
          value={form.entryPrice}
          onChange={(entryPrice) => onChange({ entryPrice })}
          onKeyDown={stepped('entryPrice')}
          hint={say('trade.arrows')}
          unit={market?.quote ?? ''}
          inputMode="decimal"
        />
      )}
      <Field
        label={say('order.quantity')}
        value={form.quantity}
        onChange={(quantity) => onChange({ quantity })}
        unit={market?.base ?? ''}
        inputMode="decimal"
      />
      {targetFields.map((field, at) => (
        <Field
          key={field}
          label={say('trade.target', { number: at + 1 })}
          value={form[field]}
          onChange={(price) => onChange({ [field]: price })}
          onKeyDown={stepped(field)}
          unit={market?.quote ?? ''}
          inputMode="decimal"
        />
      ))}
      <Field
        label={say('wizard.trailing')}
        value={form.trailing}
        onChange={(trailing) => onChange({ trailing })}
        unit="%"
        inputMode="decimal"
        hint={say('wizard.off')}
      />
      <Field
        label={say('trade.stop')}
        value={form.stop}
        onChange={(stop) => onChange({ stop })}
        onKeyDown={stepped('stop')}
        unit={market?.quote ?? ''}
        inputMode="decimal"
        hint={say('wizard.off')}
      />
    </form>
  );
}
