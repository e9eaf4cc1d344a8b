/** A receipt with its checks, run here: quiet when all is well, loud when not. */
import { useMemo, useState } from 'react';
import { useAnswer } from '../app/queries.ts';
import { useSay } from '../app/messages.ts';
import { Button } from '../parts/button.tsx';
import { Shown } from '../parts/shown.tsx';
import { CheckList } from './check-list.tsx';
import { fromHex, runChecks } from './check.ts';
import { keptHexKey } from './view-keys.ts';
import { ForgeIt } from './forge-it.tsx';

export function ReceiptView({ order }: { readonly order: string }) {
  const receipt = useAnswer('getReceipt', { params: { order } });
  const policy = useAnswer('getLogPolicy', {});
  const connection = receipt.data?.connection ?? '';
  const viewKey = useAnswer('getViewKey', { params: { connection } }, { enabled: connection !== '' });
  return (
    <Shown answer={receipt}>
      {({ proof, clientOrderId }) => (
        <Shown answer={policy}>
          {({ policy: policyText }) => (
            <Shown answer={viewKey}>
              {({ viewKey: hex }) => (
                <Checked
                  proof={proof}
                  policy={policyText}
                  viewKey={hex ?? keptHexKey(connection)}
                  name={clientOrderId ?? order}
                />
              )}
            </Shown>
          )}
        </Shown>
      )}
    </Shown>
  );
}

interface CheckedProps {
  readonly proof: string;
  readonly policy: string;
  readonly viewKey: string | null;
  readonly name: string;
}

function Checked({ proof, policy, viewKey, name }: CheckedProps) {
  const say = useSay();
  const [forged, setForged] = useState<Uint8Array | null>(null);
  const original = useMemo(() => new TextEncoder().encode(proof), [proof]);
  const key = useMemo(() => (viewKey === null ? null : fromHex(viewKey)), [viewKey]);
  const report = useMemo(
    () => runChecks({ proof: forged ?? original, policy, viewKey: key }),
    [forged, original, policy, key],
  );
  const file = `${name}.tlog-proof`;
  return (
    <section aria-label={say('receipt.title')} className="flex flex-col gap-3">
      <CheckList report={report} />
      {key === null && <p className="text-sm text-muted">{say('receipt.closed')}</p>}
      {!policy.includes('witness') && <p className="text-xs text-muted">{say('receipt.watchers.none')}</p>}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => save(file, original)}>{say('receipt.download')}</Button>
        <Button onClick={() => void navigator.clipboard.writeText(`npx counterfoil verify receipt ${file}`)}>
          {say('receipt.command')}
        </Button>
      </div>
      {key !== null && (
        <ForgeIt proof={original} viewKey={key} forged={forged !== null} onForged={setForged} />
      )}
    </section>
  );
}

function save(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
