/** *Keep this*: an account with a passkey. */
import { useState } from 'react';
import { createPasskey } from '../../app/passkey.ts';
import { useSay } from '../../app/messages.ts';
import { useDeed } from '../../app/use-deed.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/shown.tsx';

export function KeepThis() {
  const say = useSay();
  const [name, setName] = useState('');
  const { busy, error, run } = useDeed(() => createPasskey(name));
  return (
    <form
      className="flex max-w-md flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <p>{say('keep.intro')}</p>
      <Field
        label={say('keep.name')}
        value={name}
        onChange={setName}
        maxLength={80}
        required
        autoComplete="username"
      />
      <Button type="submit" look="main" className="self-start" busy={busy} disabled={name === ''}>
        {say('keep.passkey')}
      </Button>
      {error !== null && <Refused error={error} />}
    </form>
  );
}
