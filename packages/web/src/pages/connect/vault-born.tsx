/** A key pair made in the vault: its public half goes to the exchange, and the exchange's id of it comes back. */
import type { Connection } from '@counterfoil/api';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/shown.tsx';
import { CheckedKey } from './checked-key.tsx';
import { venues } from './venues.ts';

export function VaultBorn() {
  const say = useSay();
  const [label, setLabel] = useState('');
  const [venue, setVenue] = useState<string>(venues[0].id);
  const [keyType, setKeyType] = useState<'ed25519' | 'rsa'>('ed25519');
  const [made, setMade] = useState<Connection | null>(null);
  const create = useSend('createConnection');
  const make = (): void =>
    create.mutate(
      { body: { venue, label, keyType, viewRecipient: null, assertion: null } },
      { onSuccess: setMade },
    );
  const { error } = create;
  if (made !== null) return <Register connection={made} />;
  return (
    <Card title={say('connect.make')}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <Choice
          label={say('connect.venue')}
          value={venue}
          options={venues.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setVenue}
        />
        <Choice
          label={say('connect.type')}
          value={keyType}
          options={[
            { value: 'ed25519', label: 'Ed25519' },
            { value: 'rsa', label: 'RSA' },
          ]}
          onChange={setKeyType}
        />
        <Field label={say('connect.label')} value={label} onChange={setLabel} maxLength={80} required />
        <Button
          type="submit"
          look="main"
          className="self-start"
          busy={create.isPending}
          disabled={label === ''}
        >
          {say('connect.make.do')}
        </Button>
        {error !== null && <Refused error={error} />}
      </form>
    </Card>
  );
}

function Register({ connection }: { readonly connection: Connection }) {
  const say = useSay();
  const [apiKeyId, setApiKeyId] = useState('');
  const register = useSend('registerConnection');
  const pem = connection.publicKeyPem ?? '';
  const venue = venues.find(({ id }) => id === connection.venue);
  return (
    <Card title={say('connect.register')}>
      <div className="flex flex-col gap-3">
        <p>{say('connect.register.how')}</p>
        {venue?.page !== null && <p className="font-mono text-sm break-all">{venue?.page}</p>}
        <pre
          className="overflow-x-auto rounded-md border border-line bg-ground p-3 text-xs"
          data-testid="public-key"
        >
          {pem}
        </pre>
        <Button className="self-start" onClick={() => void navigator.clipboard.writeText(pem)}>
          {say('connect.copy')}
        </Button>
        <p className="text-sm text-muted">{say('connect.permissions')}</p>
        <Field
          label={say('connect.id')}
          value={apiKeyId}
          onChange={setApiKeyId}
          autoComplete="off"
          spellCheck={false}
        />
        <Button
          look="main"
          className="self-start"
          busy={register.isPending}
          disabled={apiKeyId.length < 8}
          onClick={() => register.mutate({ params: { connection: connection.id }, body: { apiKeyId } })}
        >
          {say('connect.check')}
        </Button>
        {register.error !== null && <Refused error={register.error} />}
        {register.data !== undefined && <CheckedKey connection={register.data} />}
      </div>
    </Card>
  );
}
