/** The checks of a receipt. One quiet line when all passed; a block that nobody overlooks when one did not. */
import { useSay } from '../app/messages.ts';
import type { MessageKey } from '../app/messages.ts';
import type { Check, ReceiptReport } from './check.ts';

const names: Readonly<Record<string, MessageKey>> = {
  policy: 'check.policy',
  form: 'check.form',
  signature: 'check.signature',
  inclusion: 'check.inclusion',
  content: 'check.content',
};

export function CheckList({ report }: { readonly report: ReceiptReport }) {
  const say = useSay();
  const failed = report.checks.find(({ passed }) => !passed);
  const nameOf = ({ name }: Check): string => {
    const key = names[name];
    return key === undefined ? name : say(key);
  };
  const passed = report.checks.filter((check) => check.passed).length;
  return (
    <div>
      {failed === undefined ? (
        <p role="status">✓ {say('receipt.well', { passed, total: report.checks.length })}</p>
      ) : (
        <div role="alert" className="rounded-lg bg-danger p-4 text-on-danger">
          <p className="text-lg font-semibold">✖ {say('receipt.bad', { name: nameOf(failed) })}</p>
          <p>{say('receipt.bad.todo')}</p>
        </div>
      )}
      <ul className="mt-3 flex flex-col gap-1">
        {report.checks.map((check) => (
          <li key={check.name} data-check={check.name} data-passed={check.passed}>
            <details>
              <summary className="min-h-6 cursor-pointer">
                {check.passed ? '✓' : '✖'} {nameOf(check)}{' '}
                <span className="text-xs text-muted">{say('receipt.where')}</span>
              </summary>
              <dl className="ml-5 grid grid-cols-[6rem_1fr] gap-1 text-xs break-all text-muted">
                <dt>{say('receipt.expected')}</dt>
                <dd className="font-mono">{check.expected}</dd>
                <dt>{say('receipt.found')}</dt>
                <dd className="font-mono">
                  {check.found} ({check.source})
                </dd>
              </dl>
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}
