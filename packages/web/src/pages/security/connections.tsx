/** Every key: how it was born, what it may do, when it was last used. */
import { Link } from '@tanstack/react-router';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Cell, Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';

export function Connections() {
  const say = useSay();
  const answer = useAnswer('listConnections', {});
  const check = useSend('checkConnection');
  return (
    <Card title={say('security.keys')}>
      <Shown
        answer={answer}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('key.none')}</Empty> }}
      >
        {({ items }) => (
          <Table
            caption={say('security.keys')}
            columns={[
              { title: say('bots.name') },
              { title: say('key.born') },
              { title: say('order.state') },
              { title: say('key.may') },
              { title: say('key.grade') },
              { title: say('key.used') },
              { title: say('key.check') },
            ]}
          >
            {items.map((connection) => (
              <tr key={connection.id} className="border-t border-line">
                <Cell>
                  <Link
                    to="/connections/$connection"
                    params={{ connection: connection.id }}
                    className="font-medium underline"
                  >
                    {connection.label}
                  </Link>{' '}
                  <span className="text-xs text-muted">{connection.venue}</span>
                  {connection.state !== 'removed' && (
                    <span className="block min-w-40 text-xs text-muted">{say('key.change')}</span>
                  )}
                </Cell>
                <Cell>
                  {say(`key.born.${connection.born}`)}{' '}
                  <span className="text-xs text-muted">{connection.keyType}</span>
                </Cell>
                <Cell>
                  {say(`key.state.${connection.state}`)}
                  {connection.trouble !== null && (
                    <p className="text-xs" lang="en">
                      {connection.trouble}
                    </p>
                  )}
                </Cell>
                <Cell>
                  {connection.permissions === null
                    ? '—'
                    : [
                        connection.permissions.trade ? say('key.trade') : say('key.trade.no'),
                        connection.permissions.withdraw ? say('key.withdraw') : say('key.withdraw.no'),
                        connection.permissions.ipAllowList ? say('key.ip') : say('key.ip.no'),
                      ].join(', ')}
                </Cell>
                <Cell>{connection.grade ?? '—'}</Cell>
                <Cell>{connection.lastUsedAt === null ? '—' : <Time at={connection.lastUsedAt} />}</Cell>
                <Cell>
                  {connection.state !== 'removed' && (
                    <Button
                      busy={check.isPending}
                      onClick={() => check.mutate({ params: { connection: connection.id } })}
                    >
                      {say('key.check.now')}
                    </Button>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Shown>
      {check.error !== null && <Refused error={check.error} />}
    </Card>
  );
}
