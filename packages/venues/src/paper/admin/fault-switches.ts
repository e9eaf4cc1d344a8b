import { AdminRefused, type AdminRequest } from './admin-request.ts';
import { clockSkewBody, eventFaultBody, faultBody, partialFillsBody } from './schemas.ts';

export function showFaults({ venue: { faults } }: AdminRequest): unknown {
  return { rules: faults.rules, clockSkewMs: faults.clockSkewMs, partialFills: faults.partialFills };
}

export function addFault({ venue, body }: AdminRequest): unknown {
  const rule = faultBody.parse(body);
  if (!venue.faults.add(rule)) throw tooManyFaults();
  return rule;
}

export function addEventFault({ venue, body }: AdminRequest): unknown {
  const { fault, times } = eventFaultBody.parse(body);
  if (!venue.faults.addEvent(fault, times)) throw tooManyFaults();
  return { fault, times };
}

export function cutOrders({ venue, body }: AdminRequest): unknown {
  const { times } = partialFillsBody.parse(body);
  venue.faults.partialFills = times;
  return { times };
}

export function setClockSkew({ venue, body }: AdminRequest): unknown {
  const { skewMs } = clockSkewBody.parse(body);
  venue.faults.clockSkewMs = skewMs;
  return { skewMs };
}

function tooManyFaults(): AdminRefused {
  return new AdminRefused('too-many-faults', 'Too many faults are waiting; DELETE /faults first.', 409);
}
