import type { Bot } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { Choice } from '../../parts/field.tsx';
import { marketsOf } from '../bots/bot-words.ts';
import type { ReceiptFilter } from './receipt-filter.ts';

export interface FilterFieldsProps {
  readonly filter: ReceiptFilter;
  readonly bots: readonly Bot[];
  readonly onChange: (part: Partial<ReceiptFilter>) => void;
}

const states = [
  'filled',
  'acknowledged',
  'cancelled',
  'rejected',
  'refused',
  'notPlaced',
  'unknown',
] as const;

export function FilterFields({ filter, bots, onChange }: FilterFieldsProps) {
  const say = useSay();
  const any = { value: '', label: say('receipts.any') } as const;
  const symbols = [...new Set(bots.flatMap(marketsOf))].toSorted();
  return (
    <form
      className="grid grid-cols-2 gap-3 md:grid-cols-4"
      aria-label={say('receipts.filter')}
      onSubmit={(event) => event.preventDefault()}
    >
      <Choice
        label={say('tests.bot')}
        value={filter.bot}
        options={[any, ...bots.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(bot) => onChange({ bot })}
      />
      <Choice
        label={say('bots.market')}
        value={filter.symbol}
        options={[any, ...symbols.map((symbol) => ({ value: symbol, label: symbol }))]}
        onChange={(symbol) => onChange({ symbol })}
      />
      <Choice
        label={say('receipts.result')}
        value={filter.state}
        options={[any, ...states.map((state) => ({ value: state, label: say(`order.state.${state}`) }))]}
        onChange={(state) => onChange({ state })}
      />
      <Choice
        label={say('receipt.title')}
        value={filter.receipt}
        options={[
          any,
          { value: 'there', label: say('receipts.there') },
          { value: 'missing', label: say('receipts.missing') },
        ]}
        onChange={(receipt) => onChange({ receipt })}
      />
    </form>
  );
}
