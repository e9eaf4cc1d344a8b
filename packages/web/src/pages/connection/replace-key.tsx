/**
 * Another key takes the place of this one without a pause: the old one signs until the new one was checked at the
 * exchange. Only a key made in the vault can be the new one.
 */
import type { Connection } from '@counterfoil/api';
import { connectionId } from '@counterfoil/vocabulary';
import { useState } from 'react';
import { useApproval } from '../../app/approval.ts';
import { useSay } from '../../app/messages.ts';
import { useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Refused } from '../../parts/shown.tsx';
import { type KeyType, KeyTypeChoice } from '../connect/key-type.tsx';
import { RegisterKey } from '../connect/register-key.tsx';
import type { TradingNow } from './trading.tsx';

export interface KeyChangeProps {
  readonly connection: Connection;
  readonly trading: TradingNow;
}

export function ReplaceKey({ connection, trading }: KeyChangeProps) {
  const say = useSay();
  const [keyType, setKeyType] = useState<KeyType>('ed25519');
  const rotate = useSend('rotateConnection');
  const approval = useApproval();
  const { id, apiKeyId, born, environment, successor } = connection;
  const [waited, setWaited] = useState(false);
  if (successor !== null && !waited) setWaited(true);
  if (apiKeyId === null && connection.permissions === null)
    return (
      <Card title={say('replace.title')}>
        <p className="text-muted">{say('replace.unregistered')}</p>
      </Card>
    );
  const replace = (): void =>
    void approval.withIt(
      { kind: 'keyRotate', connection: connectionId.parse(id), type: keyType, assertion: null },
      (assertion) => rotate.mutateAsync({ params: { connection: id }, body: { keyType, assertion } }),
    );
  const error = approval.busy ? null : (approval.error ?? rotate.error);
  const isDone = successor === null && (waited || rotate.data?.successor === null);
  return (
    <>
      <Card title={say('replace.title')}>
        <div className="flex flex-col gap-3">
          <p>{say('replace.what')}</p>
          <ul className="flex list-disc flex-col gap-1 pl-5">
            <li>{say('replace.bots', { count: trading.bots.length + trading.smartTrades.length })}</li>
            <li>{say('replace.orders', { count: trading.orders })}</li>
            <li>{say('replace.receipts')}</li>
            {born === 'sealed' && <li>{say('replace.sealed')}</li>}
            <li>{say(environment === 'paper' && apiKeyId !== null ? 'replace.paper' : 'replace.live')}</li>
          </ul>
          <KeyTypeChoice value={keyType} onChange={setKeyType} />
          <Button look="main" className="self-start" busy={approval.busy} onClick={replace}>
            {say('replace.do')}
          </Button>
          {error !== null && <Refused error={error} />}
          {isDone && <p role="status">✓ {say('replace.done')}</p>}
        </div>
      </Card>
      {successor !== null && (
        <RegisterKey
          key={successor.publicKeyPem}
          title={say('replace.register')}
          connection={connection}
          publicKeyPem={successor.publicKeyPem}
        />
      )}
    </>
  );
}
