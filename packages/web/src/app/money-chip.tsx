/** Which money the page is about, by word, shape and colour; the page's edge says it again. */
import { useEffect } from 'react';
import { useSay } from './messages.ts';
import { useAnswer } from './queries.ts';

/** A market that closes because its prices are missing says so within this time. */
const MARKETS_EVERY_MS = 10_000;

export function MoneyChip() {
  const say = useSay();
  const session = useAnswer('getSession', {});
  const markets = useAnswer('listMarkets', {}, { refetchInterval: MARKETS_EVERY_MS });
  const money = session.data?.workspace?.environment;
  const [market] = markets.data?.items ?? [];
  useEffect(() => {
    if (money !== undefined) document.documentElement.dataset['money'] = money;
  }, [money]);
  // Before the server has said which money it is, nothing is claimed.
  if (money === undefined) return null;
  const prices =
    money !== 'paper'
      ? null
      : market !== undefined
        ? (`money.prices.${market.status === 'closed' ? 'closed' : market.origin}` as const)
        : markets.error !== null
          ? 'money.prices.unknown'
          : null;
  const look =
    money === 'paper' ? 'border-dashed border-paper text-paper' : 'border-solid border-live text-live';
  return (
    <span
      title={say(`money.${money}.title`)}
      className={`inline-flex items-center gap-2 rounded-sm border-2 px-2 py-0.5 text-xs font-bold tracking-wider ${look}`}
    >
      <span aria-hidden="true">{money === 'paper' ? '◇' : '◆'}</span>
      {say(`money.${money}`)}
      {prices !== null && <span className="font-normal tracking-normal max-sm:hidden">{say(prices)}</span>}
    </span>
  );
}
