import { deposit, findOrders, listAccounts, openAccount, totals } from './accounts.ts';
import type { AdminRoute } from './admin-request.ts';
import { addEventFault, addFault, cutOrders, setClockSkew, showFaults } from './fault-switches.ts';
import { changeKey, registerKey } from './keys.ts';
import { changeRules, setMarketStatus, startScenario } from './markets.ts';

/** Method and path, with `*` for a name. */
export const adminRoutes: readonly (readonly [string, AdminRoute])[] = [
  ['GET /accounts', listAccounts],
  ['POST /accounts', openAccount],
  ['POST /accounts/*/deposits', deposit],
  ['POST /keys', registerKey],
  ['PATCH /keys/*', changeKey],
  ['GET /orders', findOrders],
  ['GET /feeds', ({ venue }) => Array.from(venue.feeds.values(), (status) => status())],
  ['GET /totals', totals],
  ['PUT /markets/*/status', setMarketStatus],
  ['GET /faults', showFaults],
  ['POST /faults', addFault],
  ['DELETE /faults', ({ venue }) => (venue.faults.clear(), { cleared: true })],
  ['POST /event-faults', addEventFault],
  ['POST /partial-fills', cutOrders],
  ['POST /disconnect', ({ doors }) => (doors.disconnect(), { disconnected: true })],
  ['PATCH /markets/*/rules', changeRules],
  ['POST /markets/*/scenario', startScenario],
  ['PUT /clock', setClockSkew],
];
