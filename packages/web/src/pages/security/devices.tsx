/** Passkeys and places where the account is signed in; in the demo, how to make an account. */
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';
import { KeepThis } from '../welcome/keep-this.tsx';
import { VaultPasskeys } from './vault-passkeys.tsx';

export function Devices() {
  const say = useSay();
  const session = useAnswer('getSession', {});
  return (
    <Card title={say('security.devices')}>
      <Shown answer={session}>
        {({ kind, role, workspace }) =>
          kind === 'account' ? (
            <>
              <Lists />
              {role === 'owner' && workspace !== null && <VaultPasskeys workspace={workspace.id} />}
            </>
          ) : (
            <KeepThis />
          )
        }
      </Shown>
    </Card>
  );
}

function Lists() {
  const say = useSay();
  const passkeys = useAnswer('listPasskeys', {});
  const devices = useAnswer('listDevices', {});
  const remove = useSend('removeDevice');
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Shown answer={passkeys}>
        {({ items }) => (
          <ul className="flex flex-col gap-1">
            {items.map((passkey) => (
              <li key={passkey.id}>
                {passkey.label} · <Time at={passkey.madeAt} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <Shown answer={devices}>
        {({ items }) => (
          <ul className="flex flex-col gap-2">
            {items.map((device) => (
              <li key={device.id} className="flex flex-wrap items-center gap-3">
                <span className="min-w-0 grow text-sm">
                  {device.agent} · {device.address} · <Time at={device.lastSeenAt} />
                </span>
                {device.current ? (
                  <span className="text-sm text-muted">{say('device.this')}</span>
                ) : (
                  <Button
                    busy={remove.isPending}
                    onClick={() =>
                      remove.mutate(
                        { params: { device: device.id } },
                        { onSettled: () => void devices.refetch() },
                      )
                    }
                  >
                    {say('device.end')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
      {remove.error !== null && <Refused error={remove.error} />}
    </div>
  );
}
