/** One key: what it is, what trades with it, how it is replaced, and how it ends. */
import type { Connection } from '@counterfoil/api';
import type { ReactNode } from 'react';
import { usePathPart } from '../../app/path-part.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { CheckedKey } from '../connect/checked-key.tsx';
import { PublicKey } from '../connect/public-key.tsx';
import { RemoveKey } from './remove-key.tsx';
import { ReplaceKey } from './replace-key.tsx';
import { Trading } from './trading.tsx';

export function ConnectionPage() {
  const say = useSay();
  const id = usePathPart('connection');
  const connections = useAnswer('listConnections', {});
  const find = (items: readonly Connection[]): Connection | undefined => items.find((one) => one.id === id);
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <Shown
        answer={connections}
        empty={{
          when: ({ items }) => find(items) === undefined,
          show: <Empty>{say('key.none.here')}</Empty>,
        }}
      >
        {({ items }) => {
          const connection = find(items);
          return connection === undefined ? null : <Detail connection={connection} />;
        }}
      </Shown>
    </div>
  );
}

function Detail({ connection }: { readonly connection: Connection }) {
  const say = useSay();
  const session = useAnswer('getSession', {});
  const { id, label, venue, state, removedAt } = connection;
  return (
    <>
      <h1 className="text-xl font-semibold break-words">
        {label} <span className="font-normal text-muted">{venue}</span>
      </h1>
      <Facts connection={connection} />
      {removedAt !== null && (
        <Card title={say('remove.title')}>
          <p role="status">
            {say('remove.done')} <Time at={removedAt} />
          </p>
        </Card>
      )}
      {state !== 'removed' && (
        <Trading connection={id}>
          {(trading) =>
            session.data?.role === 'owner' ? (
              <>
                <ReplaceKey connection={connection} trading={trading} />
                <RemoveKey connection={connection} trading={trading} />
              </>
            ) : (
              <p className="text-muted">{say('key.owner')}</p>
            )
          }
        </Trading>
      )}
    </>
  );
}

function Facts({ connection }: { readonly connection: Connection }) {
  const say = useSay();
  const { born, keyType, state, trouble, apiKeyId, madeAt, checkedAt, publicKeyPem } = connection;
  return (
    <Card title={say('key.what')} aside={<span className="text-sm">{say(`key.state.${state}`)}</span>}>
      <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[10rem_1fr]">
        <Fact name={say('key.born')}>
          {say(`key.born.${born}`)} <span className="text-xs text-muted">{keyType}</span>
        </Fact>
        <Fact name={say('key.made')}>
          <Time at={madeAt} />
        </Fact>
        {apiKeyId !== null && (
          <Fact name={say('connect.id')}>
            <span className="font-mono text-xs break-all">{apiKeyId}</span>
          </Fact>
        )}
        {checkedAt !== null && (
          <Fact name={say('key.checked')}>
            <Time at={checkedAt} />
          </Fact>
        )}
      </dl>
      {trouble !== null && <p className="mt-3">{trouble}</p>}
      <div className="mt-3">
        <CheckedKey connection={connection} />
      </div>
      {publicKeyPem !== null && (
        <details className="mt-3">
          <summary className="min-h-6 cursor-pointer text-sm text-muted">{say('key.public')}</summary>
          <PublicKey pem={publicKeyPem} />
        </details>
      )}
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="min-w-0 max-sm:mb-1">{children}</dd>
    </div>
  );
}
