/** Why something is frozen, as a choice inside a message: in the words of the page. */
import { security } from '../security.ts';

export const frozenFor = `{frozenFor, select,
  asked {${security['freeze.reason.asked']}}
  wire_check {${security['freeze.reason.wire-check']}}
  mandate_refusals {${security['freeze.reason.mandate-refusals']}}
  permission_change {${security['freeze.reason.permission-change']}}
  clock_jump {${security['freeze.reason.clock-jump']}}
  log_mismatch {${security['freeze.reason.log-mismatch']}}
  store_rollback {${security['freeze.reason.store-rollback']}}
  other {${security['freeze.reason.restored']}}}`;
