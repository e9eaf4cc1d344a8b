/** The dialog of a panel; fetched when the first one opens. */
import { Dialog } from '@base-ui/react/dialog';
import { useSay } from '../app/messages.ts';
import type { PanelProps } from './panel.tsx';

export function PanelDialog({ title, open, onClose, children }: PanelProps) {
  const say = useSay();
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(now) => {
        if (!now) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-50 w-full max-w-lg overflow-y-auto border-l border-line bg-panel p-5">
          <div className="mb-4 flex items-center justify-between gap-3">
            <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
            <Dialog.Close aria-label={say('panel.close')} className="size-9 rounded-md border border-line">
              ✕
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
