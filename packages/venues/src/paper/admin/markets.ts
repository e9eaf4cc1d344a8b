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

export function changeRules({ venue, names, body }: AdminRequest): unknown {
  const symbol = knownMarket(venue, names);
  const { minNotional, tickSize, stepSize, maxOpenOrders, maxOpenAlgoOrders } = marketRulesBody.parse(body);
  const counted = venue.state.markets.get(symbol)?.spec.rules;
  for (const [step, least] of [
    [tickSize, counted?.tickUnits],
    [stepSize, counted?.lotUnits],
  ]) {
    // What rests on the book is counted in the steps that it began with.
    if (step !== undefined && least !== undefined && (step === 0n || step % least !== 0n))
      throw new AdminRefused(
        'step-too-fine',
        `Steps of ${symbol} are multiples of those that it began with.`,
        400,
      );
  }
  const rules = {
    ...(minNotional === undefined ? {} : { minNotionalUnits: minNotional }),
    ...(tickSize === undefined ? {} : { tickUnits: tickSize, minPriceUnits: tickSize }),
    ...(stepSize === undefined ? {} : { lotUnits: stepSize }),
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
