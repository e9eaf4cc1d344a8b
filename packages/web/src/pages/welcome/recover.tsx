/** The way back in without a passkey: the recovery sheet, and a new passkey in this browser. */
import { useSay } from '../../app/messages.ts';
import { useState } from 'react';
import { recoverAccount } from '../../app/passkey.ts';
import { useDeed } from '../../app/use-deed.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/shown.tsx';

export function Recover() {
  const say = useSay();
  const [account, setAccount] = useState('');
  const [recoveryKey, setRecoveryKey] = useState('');
  const { busy, error, run } = useDeed(() =>
    recoverAccount(account.trim().toLowerCase(), recoveryKey.trim().toUpperCase()),
  );
  return (
    <form
      className="mt-3 flex flex-col gap-3 text-left"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <p className="text-sm text-muted">{say('recover.how')}</p>
      <Field
        label={say('recover.account')}
        value={account}
        onChange={setAccount}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Field
        label={say('recover.key')}
        value={recoveryKey}
        onChange={setRecoveryKey}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <Button type="submit" className="self-start" busy={busy}>
        {say('recover.do')}
      </Button>
      {error !== null && <Refused error={error} />}
    </form>
  );
}
