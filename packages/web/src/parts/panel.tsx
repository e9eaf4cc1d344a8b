/** A panel that slides over the page from the side. Escape and a click beside it close it. */
import { type ReactNode, Suspense, lazy } from 'react';

export interface PanelProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const PanelDialog = lazy(() =>
  import('./panel-dialog.tsx').then((module) => ({ default: module.PanelDialog })),
);

export function Panel(props: PanelProps) {
  if (!props.open) return null;
  return (
    <Suspense>
      <PanelDialog {...props} />
    </Suspense>
  );
}
