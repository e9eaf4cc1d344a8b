import { Link } from '@tanstack/react-router';
import { Icon, type IconName } from '../parts/icon.tsx';
import { FreezeButton } from './freeze-button.tsx';
import { type MessageKey, useSay } from './messages.ts';

type Path = '/' | '/bots' | '/trade' | '/backtests' | '/receipts' | '/security' | '/settings';

interface Place {
  readonly to: Path;
  readonly name: MessageKey;
  readonly icon: IconName;
}

/** The rail has room for Portfolio, Signals and the operator's surface: a place is one line here. */
export const places: readonly Place[] = [
  { to: '/', name: 'nav.home', icon: 'home' },
  { to: '/bots', name: 'nav.bots', icon: 'bots' },
  { to: '/trade', name: 'nav.trade', icon: 'trade' },
  { to: '/backtests', name: 'nav.backtests', icon: 'backtests' },
  { to: '/receipts', name: 'nav.receipts', icon: 'receipts' },
  { to: '/security', name: 'nav.security', icon: 'security' },
  { to: '/settings', name: 'nav.settings', icon: 'settings' },
];

/** On a phone the bar holds what a thumb needs first, Freeze in its middle; the command bar reaches the rest. */
const onPhone: readonly Path[] = ['/', '/bots', '/security'];

export function Rail() {
  const say = useSay();
  return (
    <nav
      aria-label={say('nav.main')}
      className="sticky top-0 hidden h-dvh flex-col gap-1 border-r border-line p-3 md:flex"
    >
      <div className="flex items-center gap-2 px-2 py-2 text-lg font-semibold">
        <img src="/icon.svg" alt="" className="size-6" />
        Counterfoil
      </div>
      {places.map(({ to, name, icon }) => (
        <Link
          key={to}
          to={to}
          className="flex items-center gap-3 rounded-md px-2 py-2 hover:bg-raised hover:text-ink"
          inactiveProps={{ className: 'text-muted' }}
          // A bar, which is seen on every ground; the light one is as bright as what is raised from it.
          activeProps={{
            className: 'bg-raised font-medium shadow-[inset_3px_0_0_var(--accent)]',
            'aria-current': 'page',
          }}
        >
          <Icon name={icon} />
          {say(name)}
        </Link>
      ))}
    </nav>
  );
}

export function BottomBar({ onMore }: { readonly onMore: () => void }) {
  const say = useSay();
  const [home, bots, security] = onPhone.map((path) => <Thumb key={path} path={path} />);
  return (
    <nav
      aria-label={say('nav.main')}
      className="fixed inset-x-0 bottom-0 z-30 flex items-center justify-between gap-1 border-t border-line bg-panel px-1 md:hidden"
    >
      {home}
      {bots}
      <FreezeButton className="min-h-11 px-2 text-sm" />
      {security}
      <button type="button" className={`${thumb} text-muted`} onClick={onMore}>
        <Icon name="more" />
        {say('nav.more')}
      </button>
    </nav>
  );
}

const thumb = 'flex min-h-14 grow basis-0 flex-col items-center justify-center gap-1 text-xs';

function Thumb({ path }: { readonly path: Path }) {
  const say = useSay();
  const place = places.find(({ to }) => to === path);
  if (place === undefined) return null;
  const { to, icon, name } = place;
  return (
    <Link
      to={to}
      className={thumb}
      inactiveProps={{ className: 'text-muted' }}
      activeProps={{ className: 'font-medium shadow-[inset_0_3px_0_var(--accent)]', 'aria-current': 'page' }}
    >
      <Icon name={icon} />
      {say(name)}
    </Link>
  );
}
