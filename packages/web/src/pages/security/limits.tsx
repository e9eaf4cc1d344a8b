/** The limits that the gate enforces for each key. Tighter ones hold at once; looser ones need the passkey and time. */
import type { MandateState } from '@counterfoil/api';
import { useState } from 'react';
import { useApproval } from '../../app/approval.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';

export function Limits() {
  const say = useSay();
  const answer = useAnswer('listConnections', {});
  return (
    <Card title={say('limits.title')}>
      <p className="mb-3 max-w-prose text-sm text-muted">{say('limits.intro')}</p>
      <Shown answer={answer}>
        {({ items }) => (
          <div className="flex flex-col gap-4">
            {items
              .filter(({ state }) => state !== 'removed' && state !== 'unregistered')
              .map(({ id, label }) => (
                <Mandate key={id} connection={id} label={label} />
              ))}
          </div>
        )}
      </Shown>
    </Card>
  );
}

function Mandate({ connection, label }: { readonly connection: string; readonly label: string }) {
  const say = useSay();
  const answer = useAnswer('getMandate', { params: { connection } });
  return (
    <section aria-label={label}>
      <h3 className="font-medium">{label}</h3>
      <Shown answer={answer}>{(state) => <MandateForm key={state.hash} state={state} />}</Shown>
      <p className="sr-only">{say('limits.title')}</p>
    </section>
  );
}

const fields = [
  'notionalPerOrder',
  'notionalPerHour',
  'notionalPerDay',
  'notionalOpen',
  'lossPerDay',
] as const;

function MandateForm({ state }: { readonly state: MandateState }) {
  const say = useSay();
  const { mandate, connection } = state;
  const [values, setValues] = useState(() =>
    Object.fromEntries(fields.map((name) => [name, mandate[name] ?? ''])),
  );
  const propose = useSend('proposeMandate');
  const approval = useApproval();
  const send = async (): Promise<void> => {
    const changed = Object.fromEntries(
      fields.map((name) => [name, values[name] === '' ? null : values[name]]),
    );
    const wanted = { ...mandate, ...changed };
    const assertion = await approval.ask({ action: 'proposeMandate', connection, mandate: wanted });
    if (assertion !== undefined)
      propose.mutate({ params: { connection }, body: { mandate: wanted, assertion } });
  };
  const error = approval.error ?? propose.error;
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="text-sm text-muted">
        {say(`limits.signed.${state.signedBy}`)} ·{' '}
        {mandate.symbols === null ? say('limits.markets.all') : mandate.symbols.join(', ')} ·{' '}
        {say('limits.rate', { orders: mandate.ordersPerMinute ?? '∞' })}
      </p>
      <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-5">
        {fields.map((name) => (
          <Field
            key={name}
            label={say(`limits.${name}`)}
            value={values[name] ?? ''}
            onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
            inputMode="decimal"
            placeholder={say('limits.none')}
          />
        ))}
      </div>
      {state.pending !== null && (
        <p className="rounded-md border border-live p-2 text-sm">
          {say('limits.pending', { approvals: state.pending.approvals, needed: state.pending.needed })}{' '}
          <Time at={state.pending.dueAt} />
        </p>
      )}
      {propose.data !== undefined && (
        <p role="status">
          {say(`limits.effect.${propose.data.effect}`)}{' '}
          {propose.data.dueAt !== null && <Time at={propose.data.dueAt} />}
        </p>
      )}
      {error !== null && <Refused error={error} />}
      <Button type="submit" className="self-start" busy={propose.isPending}>
        {say('limits.propose')}
      </Button>
    </form>
  );
}
