/** The public half of a key that the vault made goes to the exchange, and the exchange's id of it comes back. */
import type { Connection } from '@counterfoil/api';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/shown.tsx';
import { CheckedKey } from './checked-key.tsx';
import { PublicKey } from './public-key.tsx';
import { venues } from './venues.ts';

export interface RegisterKeyProps {
  readonly title: string;
  readonly connection: Connection;
  /** Of the key that waits: the connection's first, or the one that shall replace it. */
  readonly publicKeyPem: string;
}

export function RegisterKey({ title, connection, publicKeyPem }: RegisterKeyProps) {
  const say = useSay();
  const [apiKeyId, setApiKeyId] = useState('');
  const register = useSend('registerConnection');
  const venue = venues.find(({ id }) => id === connection.venue);
  return (
    <Card title={title}>
      <div className="flex flex-col gap-3">
        <p>{say('connect.register.how')}</p>
        {venue?.page !== null && <p className="font-mono text-sm break-all">{venue?.page}</p>}
        <PublicKey pem={publicKeyPem} />
        <Button className="self-start" onClick={() => void navigator.clipboard.writeText(publicKeyPem)}>
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
