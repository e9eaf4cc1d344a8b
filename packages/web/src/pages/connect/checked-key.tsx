/** What the exchange itself says that a key may do. */
import type { Connection } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';

export function CheckedKey({ connection }: { readonly connection: Connection }) {
  const say = useSay();
  const { permissions } = connection;
  if (permissions === null) return null;
  const lines = [
    { good: true, text: say('key.readable') },
    { good: permissions.trade, text: say(permissions.trade ? 'key.trade' : 'key.trade.no') },
    { good: !permissions.withdraw, text: say(permissions.withdraw ? 'key.withdraw' : 'key.withdraw.no') },
    { good: permissions.ipAllowList, text: say(permissions.ipAllowList ? 'key.ip' : 'key.ip.no') },
  ];
  return (
    <div role="status">
      <ul className="flex flex-col gap-1">
        {lines.map(({ good, text }) => (
          <li key={text}>
            {good ? '✓' : '▲'} {text}
          </li>
        ))}
        {connection.grade !== null && <li>{say('key.grade.is', { grade: connection.grade })}</li>}
      </ul>
    </div>
  );
}
