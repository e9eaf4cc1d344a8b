/** One line over the page while the server, the vault or the market data is away; nothing while all is well. */
import { useLive } from './live.ts';
import { useSay } from './messages.ts';

export function ConnectionBanner() {
  const say = useSay();
  const lostAt = useLive((live) => live.lostAt);
  const health = useLive((live) => live.health);
  const trouble =
    lostAt !== null
      ? say('banner.server')
      : health?.vault === false
        ? say('banner.vault')
        : health?.market === false
          ? say('banner.market')
          : null;
  if (trouble === null) return null;
  return (
    <p role="status" className="border-b border-live bg-panel px-4 py-2 text-sm">
      ▲ {trouble}
    </p>
  );
}
