/** Programs that may call the API, each by the public half of its own key. */
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';

export function Tokens() {
  const say = useSay();
  const session = useAnswer('getSession', {});
  const owns = session.data?.role === 'owner' && session.data.kind === 'account';
  return (
    <Card title={say('tokens.title')}>
      {owns ? <TokenList /> : <p className="text-muted">{say('tokens.owner')}</p>}
    </Card>
  );
}

function TokenList() {
  const say = useSay();
  const answer = useAnswer('listTokens', {});
  const create = useSend('createToken');
  const remove = useSend('removeToken');
  const [label, setLabel] = useState('');
  const [publicKeyPem, setPem] = useState('');
  const [role, setRole] = useState<'viewer' | 'trader'>('viewer');
  const again = (): void => void answer.refetch();
  const error = create.error ?? remove.error;
  return (
    <>
      <Shown
        answer={answer}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <p className="text-muted">{say('tokens.none')}</p>,
        }}
      >
        {({ items }) => (
          <ul className="flex flex-col gap-2">
            {items.map((token) => (
              <li key={token.id} className="flex flex-wrap items-center gap-3">
                <span className="grow">
                  {token.label} · {say(`tokens.role.${token.role}`)}
                </span>
                <Button
                  busy={remove.isPending}
                  onClick={() => remove.mutate({ params: { token: token.id } }, { onSettled: again })}
                >
                  {say('channels.remove')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <form
        className="mt-3 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { body: { label, role, publicKeyPem, addresses: [], expiresAt: null } },
            { onSuccess: again },
          );
        }}
      >
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={say('connect.label')} value={label} onChange={setLabel} maxLength={80} required />
          <Choice
            label={say('tokens.role')}
            value={role}
            options={[
              { value: 'viewer', label: say('tokens.role.viewer') },
              { value: 'trader', label: say('tokens.role.trader') },
            ]}
            onChange={setRole}
          />
        </div>
        <label className="flex flex-col gap-1 text-sm text-muted">
          {say('tokens.key')}
          <textarea
            value={publicKeyPem}
            onChange={(event) => setPem(event.target.value)}
            rows={3}
            required
            className="rounded-md border border-line bg-ground p-2 font-mono text-xs text-ink"
          />
        </label>
        <Button type="submit" className="self-start" busy={create.isPending}>
          {say('tokens.add')}
        </Button>
        {error !== null && <Refused error={error} />}
      </form>
    </>
  );
}
