/** How a backup becomes an installation again: in the terminal, because the code that opens it must not pass a page. */
import { useSay } from '../../app/messages.ts';

export function RestoreNote() {
  const say = useSay();
  return (
    <div className="flex flex-col gap-2 text-left">
      <p>{say('welcome.restore.how')}</p>
      <pre
        tabIndex={0}
        className="overflow-x-auto rounded-md border border-line bg-panel p-3 font-mono text-xs"
      >
        {'npx counterfoil restore FOLDER --home NEW\nnpm start -- --home NEW'}
      </pre>
      <p className="text-sm text-muted">{say('welcome.restore.then')}</p>
    </div>
  );
}
