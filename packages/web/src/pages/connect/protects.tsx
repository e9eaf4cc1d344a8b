import { useSay } from '../../app/messages.ts';
import { Card } from '../../parts/card.tsx';

/** What a way of connecting protects, and what it does not: always both. */
export function Protects({ way }: { readonly way: 'vault-born' | 'sealed' }) {
  const say = useSay();
  return (
    <Card title={say('connect.protects')}>
      <p>✓ {say(`connect.does.${way}`)}</p>
      <p className="mt-2">▲ {say(`connect.doesnot.${way}`)}</p>
      <p className="mt-2">▲ {say('connect.doesnot.all')}</p>
    </Card>
  );
}
