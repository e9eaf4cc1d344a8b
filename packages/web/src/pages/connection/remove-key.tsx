/** The end of a key, for good. What it costs stands before the click, and the click needs the key's name. */
import { connectionId } from '@counterfoil/vocabulary';
import { useState } from 'react';
import { useApproval } from '../../app/approval.ts';
import { useSay } from '../../app/messages.ts';
import { useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/shown.tsx';
import type { KeyChangeProps } from './replace-key.tsx';

export function RemoveKey({ connection, trading }: KeyChangeProps) {
  const say = useSay();
  const [typed, setTyped] = useState('');
  const remove = useSend('removeConnection');
  const approval = useApproval();
  const { id, label } = connection;
  const end = (): void =>
    void approval.withIt(
      { kind: 'keyDestroy', connection: connectionId.parse(id), assertion: null },
      (assertion) => remove.mutateAsync({ params: { connection: id }, body: { assertion } }),
    );
  const error = approval.busy ? null : (approval.error ?? remove.error);
  const busy = [...trading.bots, ...trading.smartTrades].map(({ name }) => name);
  return (
    <Card title={say('remove.title')}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          end();
        }}
      >
        <p>{say('remove.what')}</p>
        <ul className="flex list-disc flex-col gap-1 pl-5">
          <li>{say('remove.bots')}</li>
          <li>{say('remove.orders', { count: trading.orders })}</li>
          <li>{say('remove.history')}</li>
          <li>{say('remove.exchange')}</li>
        </ul>
        {busy.length > 0 && (
          <p className="rounded-md border border-live p-2">
            ▲ {say('remove.busy', { names: busy.join(', ') })}
          </p>
        )}
        <Field
          label={say('remove.confirm', { label })}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          spellCheck={false}
        />
        <Button
          type="submit"
          look="danger"
          className="self-start"
          busy={approval.busy}
          disabled={typed.trim() !== label.trim() || busy.length > 0}
        >
          {say('remove.do')}
        </Button>
        {error !== null && <Refused error={error} />}
      </form>
    </Card>
  );
}
