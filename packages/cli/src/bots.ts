/** `counterfoil bots`: the bots of this installation, and why one does not trade. */
import { parseArgs } from 'node:util';
import type { ApiClient, Bot, Why } from '@counterfoil/api';
import { withApi } from './api.ts';
import { CommandError, UsageError } from './errors.ts';
import { homeFolder } from './home.ts';

const HELP = `The bots of this installation.

Usage: npx counterfoil bots              all of them
       npx counterfoil bots why NAME     what this one waits for, the nearest first
       npx counterfoil bots start NAME
       npx counterfoil bots pause NAME   no new deals; open ones run on
       npx counterfoil bots stop NAME    cancels its orders and keeps its coins; --close sells them

NAME is a bot's name or id.

  --json      the answer as JSON
  --home DIR  data folder
`;

/** More bots than a person names by hand. */
const LISTED_MAX = 200;

export async function bots(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      close: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      home: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [what = 'list', ...names] = positionals;
  const name = names.join(' ');
  const print = (answer: unknown, text: string): number => {
    process.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : text);
    return 0;
  };
  return withApi(homeFolder(values.home), async (api) => {
    if (what === 'list') {
      const { items } = await api.listBots({ query: { limit: LISTED_MAX } });
      return print(items, items.length === 0 ? 'There are no bots.\n' : items.map(describeBot).join(''));
    }
    if (name === '') throw new UsageError(`say which bot: npx counterfoil bots ${what} NAME`);
    const { id: bot } = await find(api, name);
    switch (what) {
      case 'why': {
        const why = await api.whyBot({ params: { bot } });
        return print(why, describeWhy(why));
      }
      case 'start':
      case 'pause': {
        const call = { params: { bot }, idempotencyKey: crypto.randomUUID() };
        const after = await (what === 'start' ? api.startBot(call) : api.pauseBot(call));
        return print(after, describeBot(after));
      }
      case 'stop': {
        const positions = values.close ? 'close' : 'keep';
        const body = { positions, gridAction: null } as const;
        const after = await api.stopBot({ params: { bot }, body, idempotencyKey: crypto.randomUUID() });
        return print(after, describeBot(after));
      }
      default:
        throw new UsageError(`there is no bots ${what}; say list, why, start, pause or stop`);
    }
  });
}

async function find(api: ApiClient, name: string): Promise<Bot> {
  const { items } = await api.listBots({ query: { limit: LISTED_MAX } });
  const found = items.filter((bot) => bot.id === name || bot.name === name);
  const [first, second] = found;
  if (first === undefined) throw new CommandError(`there is no bot ${JSON.stringify(name)}.`);
  if (second !== undefined)
    throw new CommandError(`${found.length} bots are called ${JSON.stringify(name)}; name one by its id.`);
  return first;
}

function describeBot(bot: Bot): string {
  const profit = bot.profit.map(({ asset, amount }) => `${amount} ${asset}`).join(', ');
  const deals = `${bot.dealsClosed} deals closed, ${bot.dealsOpen} open`;
  return `${bot.environment.toUpperCase()}  ${bot.name.padEnd(24)} ${bot.state.padEnd(9)} ${deals}  ${profit}  ${bot.id}\n`;
}

function describeWhy(why: Why): string {
  const lines = [why.sentence, ''];
  for (const { name, sentence } of why.waitingFor) lines.push(`  waits for  ${sentence}  (${name})`);
  for (const { name, sentence } of why.orders) lines.push(`  rests      ${sentence}  (${name})`);
  for (const { what, ok, sentence } of why.blockedBy) lines.push(`  ${ok ? '✓' : '✗'} ${what}  ${sentence}`);
  if (why.decisions.length > 0) lines.push('', '  lately');
  for (const { at, sentence } of why.decisions.slice(0, 5)) lines.push(`  ${at.slice(11, 19)}  ${sentence}`);
  return `${lines.join('\n')}\n`;
}
