/** A key pair made in the vault: its public half goes to the exchange, and the exchange's id of it comes back. */
import type { Connection } from '@counterfoil/api';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { toBase64url } from '../../app/base64url.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { CheckedKey } from './checked-key.tsx';
import type { ConnectFormProps } from './connect.tsx';
import { KeyTypeChoice } from './key-type.tsx';
import { PublicKey } from './public-key.tsx';
import { RegisterKey } from './register-key.tsx';
import { keepViewKey, newRecipient } from './seal-here.ts';
import { venues } from './venues.ts';

export function VaultBorn({ form, onChange, onDone }: ConnectFormProps) {
  const say = useSay();
  const { label, venue, keyType } = form;
  const [made, setMade] = useState<Connection | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const known = useAnswer('listConnections', {});
  const create = useSend('createConnection');
  const make = async (): Promise<void> => {
    setBusy(true);
    setFailed(null);
    try {
      // The leaves of this key are sealed to a key of this browser; the server never sees what opens them.
      const reader = await newRecipient();
      const viewRecipient = toBase64url(reader.recipient.publicKey);
      const connection = await create.mutateAsync({
        body: { venue, label, keyType, viewRecipient, assertion: null },
      });
      setMade(connection);
      onDone();
      await keepViewKey(reader, connection.id);
    } catch (cause) {
      setFailed(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  const waits = known.data?.items.find(
    ({ born, state }) => born === 'vault-born' && state === 'unregistered',
  );
  const begun = made ?? waits;
  if (begun !== undefined) {
    return (
      <>
        {failed !== null && <Refused error={failed} />}
        {begun.state === 'ready' ? (
          <Taken connection={begun} />
        ) : (
          <RegisterKey
            title={say('connect.register')}
            connection={begun}
            publicKeyPem={begun.publicKeyPem ?? ''}
          />
        )}
      </>
    );
  }
  return (
    <Card title={say('connect.make')}>
      {/* Whether a key waits already has to be known before another is made. */}
      <Shown answer={known}>
        {() => (
          <form
            className="flex flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              void make();
            }}
          >
            <Choice
              label={say('connect.venue')}
              value={venue}
              options={venues.map(({ id, name }) => ({ value: id, label: say(name) }))}
              onChange={(chosen) => onChange({ venue: chosen })}
            />
            <KeyTypeChoice value={keyType} onChange={(chosen) => onChange({ keyType: chosen })} />
            <Field
              label={say('connect.label')}
              value={label}
              onChange={(text) => onChange({ label: text })}
              maxLength={80}
              required
            />
            <Button type="submit" look="main" className="self-start" busy={busy} disabled={label === ''}>
              {say('connect.make.do')}
            </Button>
            {failed !== null && <Refused error={failed} />}
          </form>
        )}
      </Shown>
    </Card>
  );
}

/** The built-in exchange takes the public half by itself. */
function Taken({ connection }: { readonly connection: Connection }) {
  const say = useSay();
  return (
    <Card title={say('connect.taken')}>
      <div className="flex flex-col gap-3">
        <p>{say('connect.taken.how', { label: connection.label })}</p>
        <PublicKey pem={connection.publicKeyPem ?? ''} />
        <CheckedKey connection={connection} />
      </div>
    </Card>
  );
}
