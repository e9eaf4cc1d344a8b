import type { Venue } from '../venue.ts';
import { valueOf } from '../rest/route.ts';
import { AdminRefused, type AdminRequest } from './admin-request.ts';
import { marketRulesBody, marketStatusBody, scenarioBody } from './schemas.ts';

export function setMarketStatus({ venue, names, body }: AdminRequest): unknown {
  const symbol = knownMarket(venue, names);
  const { status } = marketStatusBody.parse(body);
  valueOf(venue.run('set-market-status', { symbol, status }));
  return { symbol, status };
}

/** Tick and lot stay: the orders on the book are counted in them. */
export function changeRules({ venue, names, body }: AdminRequest): unknown {
  const symbol = knownMarket(venue, names);
  const { minNotional, maxOpenOrders, maxOpenAlgoOrders } = marketRulesBody.parse(body);
  const rules = {
    ...(minNotional === undefined ? {} : { minNotionalUnits: minNotional }),
    ...(maxOpenOrders === undefined ? {} : { maxOpenOrders }),
    ...(maxOpenAlgoOrders === undefined ? {} : { maxOpenAlgoOrders }),
  };
  valueOf(venue.run('change-rules', { symbol, rules }));
  return { symbol, changed: Object.keys(rules) };
}

export function startScenario({ venue, names, body }: AdminRequest): unknown {
  const symbol = names[0] ?? '';
  if (!venue.state.flows.has(symbol)) {
    throw new AdminRefused('unknown-market', `There is no synthetic market ${symbol}.`);
  }
  const { scenario } = scenarioBody.parse(body);
  valueOf(venue.run('start-scenario', { symbol, scenario }));
  return { symbol, scenario };
}

function knownMarket(venue: Venue, names: readonly string[]): string {
  const symbol = names[0] ?? '';
  if (!venue.state.markets.has(symbol)) {
    throw new AdminRefused('unknown-market', `There is no market ${symbol}.`);
  }
  return symbol;
}
