/** Passkeys from which the vault takes approvals: the list, a further one, and the end of one. */
import type { VaultPasskey } from '@counterfoil/api';
import { userId } from '@counterfoil/vocabulary';
import { useState } from 'react';
import { useApproval } from '../../app/approval.ts';
import { fromBase64url } from '../../app/base64url.ts';
import { useSay } from '../../app/messages.ts';
import { addPasskey } from '../../app/passkey.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { useDeed } from '../../app/use-deed.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';

export function VaultPasskeys({ workspace }: { readonly workspace: string }) {
  const say = useSay();
  const answer = useAnswer('listVaultPasskeys', {});
  return (
    <section className="mt-4 flex flex-col gap-3 border-t border-line pt-4">
      <h3 className="font-semibold">{say('vault-passkeys.title')}</h3>
      <Shown answer={answer}>
        {({ items }) => <List items={items} workspace={workspace} onChanged={() => void answer.refetch()} />}
      </Shown>
      <Add workspace={workspace} onAdded={() => void answer.refetch()} />
    </section>
  );
}

interface ListProps {
  readonly items: readonly VaultPasskey[];
  readonly workspace: string;
  readonly onChanged: () => void;
}

function List({ items, workspace, onChanged }: ListProps) {
  const say = useSay();
  const remove = useSend('removeVaultPasskey');
  const approval = useApproval();
  const end = async ({ credentialId }: VaultPasskey): Promise<void> => {
    const assertion = await approval.ask({
      kind: 'ownerRemove',
      user: userId.parse(workspace),
      credentialId: fromBase64url(credentialId),
      assertion: null,
    });
    if (assertion !== undefined)
      remove.mutate({ params: { passkey: credentialId }, body: { assertion } }, { onSettled: onChanged });
  };
  const error = approval.error ?? remove.error;
  return (
    <>
      {items.length < 2 && (
        <p className="rounded-md border border-live p-2">
          ▲ {say(items.length === 0 ? 'vault-passkeys.none' : 'vault-passkeys.one')}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {items.map((passkey) => (
          <li key={passkey.credentialId} className="flex flex-wrap items-center gap-3">
            <span className="min-w-0 grow">
              {passkey.label} · {say('vault-passkeys.from')} <Time at={passkey.approvesFrom} />
            </span>
            {items.length > 1 && (
              <Button busy={remove.isPending} onClick={() => void end(passkey)}>
                {say('vault-passkeys.remove', { name: passkey.label })}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error !== null && <Refused error={error} />}
    </>
  );
}

function Add({ workspace, onAdded }: { readonly workspace: string; readonly onAdded: () => void }) {
  const say = useSay();
  const [label, setLabel] = useState('');
  const approval = useApproval();
  const { busy, error, run } = useDeed(async () => {
    await addPasskey(label, workspace, approval.ask);
    setLabel('');
    onAdded();
  });
  const refused = error ?? approval.error;
  return (
    <form
      className="flex max-w-md flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <p className="text-sm text-muted">{say('vault-passkeys.how')}</p>
      <Field
        label={say('vault-passkeys.label')}
        value={label}
        onChange={setLabel}
        maxLength={80}
        required
        autoComplete="off"
      />
      <Button type="submit" className="self-start" busy={busy} disabled={label === ''}>
        {say('vault-passkeys.add')}
      </Button>
      {refused !== null && <Refused error={refused} />}
    </form>
  );
}
