/** *Try to forge it*: another price into the receipt, by whoever can read it, and the check that finds it. */
import { useState } from 'react';
import { useSay } from '../app/messages.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { forgePrice } from './check.ts';

export interface ForgeItProps {
  readonly proof: Uint8Array;
  readonly viewKey: Uint8Array;
  readonly forged: boolean;
  readonly onForged: (proof: Uint8Array | null) => void;
}

export function ForgeIt({ proof, viewKey, forged, onForged }: ForgeItProps) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const [price, setPrice] = useState('1');
  const [error, setError] = useState<string | undefined>(undefined);
  const forge = (): void => {
    try {
      onForged(forgePrice(proof, viewKey, price));
      setError(undefined);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  if (!open) {
    return (
      <Button look="quiet" className="self-start" onClick={() => setOpen(true)}>
        {say('receipt.forge')}
      </Button>
    );
  }
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line p-3">
      <Field
        label={say('receipt.forge.price')}
        value={price}
        onChange={setPrice}
        inputMode="decimal"
        hint={say('receipt.forge.how')}
        error={error}
      />
      <div className="flex gap-2">
        <Button look="main" onClick={forge}>
          {say('receipt.forge.do')}
        </Button>
        {forged && <Button onClick={() => onForged(null)}>{say('receipt.forge.undo')}</Button>}
      </div>
    </div>
  );
}
