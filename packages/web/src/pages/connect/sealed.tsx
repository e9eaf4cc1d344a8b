/**
 * A secret from the exchange, sealed to the vault where it is pasted. It is read once, as bytes, and the field is
 * emptied before anything is sent.
 */
import type { Connection } from '@counterfoil/api';
import { type FormEvent, useRef, useState } from 'react';
import { ask } from '../../app/client.ts';
import { useSay } from '../../app/messages.ts';
import { useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Hash } from '../../parts/hash.tsx';
import { Refused } from '../../parts/shown.tsx';
import { CheckedKey } from './checked-key.tsx';
import type { ConnectFormProps } from './connect.tsx';
import { type SealedHere, keepViewKey, sealHere } from './seal-here.ts';
import { venues } from './venues.ts';

export function Sealed({ form, onChange, onDone }: ConnectFormProps) {
  const say = useSay();
  const secret = useRef<HTMLTextAreaElement>(null);
  const { label, venue, apiKeyId } = form;
  const [sealed, setSealed] = useState<SealedHere | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const send = useSend('sealConnection');
  const failed = error ?? send.error;

  const seal = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const field = secret.current;
    if (field === null) return;
    const pasted = new TextEncoder().encode(field.value);
    field.value = '';
    setError(null);
    try {
      const enrolment = await ask('beginEnrolment', { body: { venue, label } });
      setSealed(await sealHere(enrolment, { venue, label, apiKeyId, pasted }));
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      pasted.fill(0);
    }
  };
  const enrol = (box: SealedHere): void =>
    send.mutate(
      { body: { venue, label, blob: box.blob, assertion: null } },
      {
        onSuccess: (connection: Connection) => {
          onDone();
          void keepViewKey(box, connection.id).catch(setError);
        },
      },
    );
  return (
    <Card title={say('connect.seal')}>
      {sealed === null ? (
        <form className="flex flex-col gap-3" onSubmit={(event) => void seal(event)} translate="no">
          <p className="text-sm text-muted">{say('connect.seal.prefer')}</p>
          <Choice
            label={say('connect.venue')}
            value={venue}
            options={venues.map(({ id, name }) => ({ value: id, label: say(name) }))}
            onChange={(chosen) => onChange({ venue: chosen })}
          />
          <Field
            label={say('connect.label')}
            value={label}
            onChange={(text) => onChange({ label: text })}
            maxLength={80}
            required
          />
          <Field
            label={say('connect.id')}
            value={apiKeyId}
            onChange={(text) => onChange({ apiKeyId: text })}
            autoComplete="off"
            spellCheck={false}
            required
          />
          <label className="flex flex-col gap-1 text-sm text-muted">
            {say('connect.secret')}
            <textarea
              ref={secret}
              rows={3}
              required
              autoComplete="off"
              autoCorrect="off"
              spellCheck={false}
              className="rounded-md border border-line bg-ground p-2 font-mono text-xs text-ink"
            />
          </label>
          <Button
            type="submit"
            look="main"
            className="self-start"
            disabled={label === '' || apiKeyId.length < 8}
          >
            {say('connect.seal.do')}
          </Button>
        </form>
      ) : (
        <div className="flex flex-col gap-3">
          <p role="status">
            🔒 {say('connect.locked')} <Hash value={sealed.vaultHash} />
          </p>
          <p className="text-sm text-muted">{say('connect.locked.compare')}</p>
          <Button onClick={() => void navigator.clipboard.writeText('')} className="self-start">
            {say('connect.clipboard')}
          </Button>
          {send.data === undefined && (
            <Button look="main" className="self-start" busy={send.isPending} onClick={() => enrol(sealed)}>
              {say('connect.check')}
            </Button>
          )}
          {send.data !== undefined && <CheckedKey connection={send.data} />}
        </div>
      )}
      {failed !== null && <Refused error={failed} />}
    </Card>
  );
}
