/** What stands around every page: the rail, the top bar with the money chip and Freeze, on phones a bottom bar. */
import { Outlet } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import { JobTray } from '../jobs/job-tray.tsx';
import { AccountButton } from './account-button.tsx';
import { Alerts } from './alerts.tsx';
import { CommandBar } from './command-bar.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { FreezeButton } from './freeze-button.tsx';
import { BottomBar, Rail } from './navigation.tsx';
import { MoneyChip } from './money-chip.tsx';
import { Unanswered } from '../parts/shown.tsx';
import { useAnswer } from './queries.ts';
import { useRecoverySheet } from './recovery-sheet.ts';
import { useSay } from './messages.ts';

// Most readers are signed in already.
const RecoverySheetPage = lazy(() =>
  import('../pages/welcome/recovery-sheet-page.tsx').then((module) => ({
    default: module.RecoverySheetPage,
  })),
);
const SignIn = lazy(() =>
  import('../pages/welcome/sign-in.tsx').then((module) => ({ default: module.SignIn })),
);

export function Frame() {
  const say = useSay();
  const [going, setGoing] = useState(false);
  const session = useAnswer('getSession', {});
  const sheet = useRecoverySheet();
  if (sheet !== null)
    return (
      <Suspense>
        <RecoverySheetPage sheet={sheet} />
      </Suspense>
    );
  if (session.data?.kind === 'anonymous')
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    );
  return (
    <div className="grid min-h-dvh grid-cols-1 md:grid-cols-[12rem_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:bg-raised focus:p-2"
      >
        {say('nav.skip')}
      </a>
      <Rail />
      <div className="flex min-w-0 flex-col pb-16 md:pb-0">
        <header className="sticky top-0 z-30 flex h-14 items-center gap-3 border-b border-line bg-ground px-4">
          <MoneyChip />
          <div className="grow" />
          <CommandBar open={going} onOpen={setGoing} />
          <JobTray />
          <Alerts />
          <AccountButton />
          <div className="max-md:hidden">
            <FreezeButton className="min-h-9 px-4" />
          </div>
        </header>
        <ConnectionBanner />
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-7xl grow p-4 outline-none">
          <Unanswered answers={[session]} />
          <Outlet />
        </main>
      </div>
      <BottomBar onMore={() => setGoing(true)} />
    </div>
  );
}
