import type { Price } from '@counterfoil/vocabulary';
import type { Machine, MachineEvent, Step } from '../machine.ts';
import { passStage } from './begin-deal.ts';
import { obeyCommand } from './commanding.ts';
import type { DcaCommand } from './commands.ts';
import { fillOrder, refuseOrder, reportOrder, triggerDeal } from './dealing.ts';
import type { DcaOptions } from './options.ts';
import { beginDca, type DcaState } from './state.ts';
import { Turn } from './turn.ts';

/** The DCA bot. Orders are named `d<deal>-<role>-<n>`, triggers `start-<market>-<stage>` and `d<deal>-<what>`. */
export const dcaMachine: Machine<DcaOptions, DcaState, DcaCommand> = { begin: beginDca, step: stepDca };

function stepDca(options: DcaOptions, state: DcaState, event: MachineEvent<DcaCommand>): Step<DcaState> {
  const turn = new Turn(options, state, atOf(event));
  switch (event.kind) {
    case 'started':
      turn.enable();
      break;
    case 'stopped':
      turn.disable('bot-stopped');
      break;
    case 'fundsChanged':
      turn.set({ free: { quote: event.quote, base: event.base } });
      break;
    case 'triggerFired':
      onTrigger(turn, event.trigger, event.price);
      break;
    case 'signal':
      onSignal(turn, event.name, event.market, event.price);
      break;
    case 'orderFilled':
      turn.withOrder(event.order, (deal, order) => fillOrder(turn, deal, order, event.fill));
      break;
    case 'orderReported':
      turn.withOrder(event.report.order, (deal, order) => reportOrder(turn, deal, order, event.report));
      break;
    case 'orderRefused':
      turn.withOrder(event.order, (deal, order) => refuseOrder(turn, deal, order, event));
      break;
    case 'command':
      obeyCommand(turn, event.command, event.market, event.price);
      break;
    default:
      event satisfies never;
  }
  return turn.step();
}

function atOf(event: MachineEvent<DcaCommand>): number {
  if (event.kind === 'orderReported') return event.report.atMs;
  return event.kind === 'orderFilled' ? event.fill.atMs : event.atMs;
}

function onTrigger(turn: Turn, name: string, price: Price): void {
  const start = /^start-(\d+)-(.+)$/.exec(name);
  if (start !== null) {
    passStage(turn, Number(start[1]), start[2] ?? '', price);
    return;
  }
  const deal = turn.dealNamed(name);
  if (deal === undefined) turn.note({ code: 'ignored', what: name, why: 'deal-over', detail: '' });
  else triggerDeal(turn, deal, name.slice(name.indexOf('-') + 1), price);
}

function onSignal(turn: Turn, name: string, index: number, price: Price): void {
  const { options } = turn;
  turn.look(index, price);
  const asked = options.start.conditions?.find((one) => one.kind === 'signal' && one.name === name);
  const watch = turn.watch(index);
  if (asked?.kind === 'signal' && watch !== undefined) {
    turn.setWatch(index, { ...watch, signals: { ...watch.signals, [name]: turn.atMs + asked.validMs } });
  }
  for (const deal of turn.state.deals) {
    if (deal.market === index) triggerDeal(turn, deal, `signal:${name}`, price);
  }
}
