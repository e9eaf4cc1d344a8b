/** Connect an exchange: choose how the key is born, make it there, check what it may do. */
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { Card } from '../../parts/card.tsx';
import { Protects } from './protects.tsx';
import { Sealed } from './sealed.tsx';
import { VaultBorn } from './vault-born.tsx';

const ways = ['vault-born', 'sealed'] as const;

export function Connect() {
  const say = useSay();
  const [way, setWay] = useState<(typeof ways)[number]>('vault-born');
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('connect.title')}</h1>
      <Card title={say('connect.choose')}>
        <div className="grid gap-3 sm:grid-cols-2" role="radiogroup" aria-label={say('connect.choose')}>
          {ways.map((one) => (
            <label
              key={one}
              className={`flex cursor-pointer gap-3 rounded-md border p-3 ${way === one ? 'border-accent' : 'border-line'}`}
            >
              <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
              <span>
                <span className="font-medium">{say(`key.born.${one}`)}</span>
                <span className="block text-sm text-muted">{say(`connect.way.${one}`)}</span>
              </span>
            </label>
          ))}
        </div>
      </Card>
      {way === 'vault-born' ? <VaultBorn /> : <Sealed />}
      <Protects way={way} />
    </div>
  );
}
