/** Connect an exchange: choose how the key is born, make it there, check what it may do. */
import { useDraft } from '../../app/draft.ts';
import { useSay } from '../../app/messages.ts';
import { Card } from '../../parts/card.tsx';
import type { KeyType } from './key-type.tsx';
import { Protects } from './protects.tsx';
import { Sealed } from './sealed.tsx';
import { VaultBorn } from './vault-born.tsx';
import { venues } from './venues.ts';

const ways = ['vault-born', 'sealed'] as const;

/** What survives a reload; the secret is never part of it. */
export interface ConnectForm {
  readonly way: (typeof ways)[number];
  readonly venue: string;
  readonly label: string;
  readonly keyType: KeyType;
  readonly apiKeyId: string;
}

const emptyConnect: ConnectForm = {
  way: 'vault-born',
  venue: venues[0].id,
  label: '',
  keyType: 'ed25519',
  apiKeyId: '',
};

export interface ConnectFormProps {
  readonly form: ConnectForm;
  readonly onChange: (part: Partial<ConnectForm>) => void;
  readonly onDone: () => void;
}

export function Connect() {
  const say = useSay();
  const [form, onChange] = useDraft('connect', emptyConnect);
  const { way } = form;
  const part = { form, onChange, onDone: () => onChange({ label: '', apiKeyId: '' }) };
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
              <input type="radio" name="way" checked={way === one} onChange={() => onChange({ way: one })} />
              <span>
                <span className="font-medium">{say(`key.born.${one}`)}</span>
                <span className="block text-sm text-muted">{say(`connect.way.${one}`)}</span>
              </span>
            </label>
          ))}
        </div>
      </Card>
      {way === 'vault-born' ? <VaultBorn {...part} /> : <Sealed {...part} />}
      <Protects way={way} />
    </div>
  );
}
