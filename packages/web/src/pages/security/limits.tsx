/** The limits that the gate enforces for each key. Tighter ones hold at once; looser ones need the passkey and time. */
import { type MandateState, mandateFromText } from '@counterfoil/api';
import { connectionId } from '@counterfoil/vocabulary';
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
  const answer = useAnswer('getMandate', { params: { connection } });
  return (
    <section aria-label={label}>
      <h3 className="font-medium">{label}</h3>
      <Shown answer={answer}>{(state) => <MandateForm key={state.hash} state={state} />}</Shown>
    </section>
  );
}

/** The amounts of a budget, each with the name of its message. */
const fields = [
  ['perOrder', 'limits.notionalPerOrder'],
  ['perHour', 'limits.notionalPerHour'],
  ['perDay', 'limits.notionalPerDay'],
  ['open', 'limits.notionalOpen'],
  ['dayLoss', 'limits.lossPerDay'],
] as const;

function MandateForm({ state }: { readonly state: MandateState }) {
  const say = useSay();
  const { mandate, connection } = state;
  const [budget, ...others] = mandate.budgets;
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map(([name]) => [name, budget?.[name] ?? ''])),
  );
  const propose = useSend('proposeMandate');
  const approve = useSend('approveMandate');
  const approval = useApproval();
  const send = (): void => {
    if (budget === undefined) return;
    const changed = Object.fromEntries(
      fields.map(([name]) => [name, values[name] === '' ? null : (values[name] ?? null)]),
    );
    const wanted = { ...mandate, budgets: [{ ...budget, ...changed }, ...others] };
    propose.mutate(
      { params: { connection }, body: wanted },
      { onSuccess: ({ state: came }) => void (came === 'needsApproval' ? loosen(wanted) : undefined) },
    );
  };
  const loosen = async (wanted: MandateState['mandate']): Promise<void> => {
    const assertion = await approval.ask({
      kind: 'mandateApprove',
      connection: connectionId.parse(connection),
      mandate: mandateFromText(wanted, Date.parse),
      assertion: null,
    });
    if (assertion !== undefined)
      approve.mutate({ params: { connection }, body: { mandate: wanted, assertion } });
  };
  const said = approve.data ?? propose.data;
  const error = approval.error ?? propose.error ?? approve.error;
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className="text-sm text-muted">
        {say(state.signed ? 'limits.signed.owner' : 'limits.signed.demo')} ·{' '}
        {mandate.markets === null ? say('limits.markets.all') : mandate.markets.join(', ')} ·{' '}
        {say('limits.rate', { orders: mandate.ordersPerMinute })}
      </p>
      <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-5">
        {fields.map(([name, message]) => (
          <Field
            key={name}
            label={say(message)}
            value={values[name] ?? ''}
            onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
            inputMode="decimal"
            placeholder={say('limits.none')}
          />
        ))}
      </div>
      {state.pending !== null && (
        <p className="rounded-md border border-live p-2 text-sm">
          {say('limits.pending')} <Time at={state.pending.dueAt} />
        </p>
      )}
      {said !== undefined && (
        <p role="status">
          {approve.data?.state === 'needsApproval'
            ? say('limits.effect.more', { missing: approve.data.approvals })
            : say(`limits.effect.${said.state}`)}{' '}
          {said.dueAt !== null && <Time at={said.dueAt} />}
        </p>
      )}
      {error !== null && <Refused error={error} />}
      <Button type="submit" className="self-start" busy={propose.isPending || approve.isPending}>
        {say('limits.propose')}
      </Button>
    </form>
  );
}
