/** `counterfoil watch`: what happens, line by line, until Ctrl-C. */
import { EVENTS_PATH, type StreamEvent, streamEvent } from '@counterfoil/api';
import { readInvocation } from './api-command.ts';
import { CommandError } from './errors.ts';
import { runningInstallation } from './home.ts';

const HELP = `Prints what happens until Ctrl-C: decisions of bots, fills, freezes, notices.

Usage: npx counterfoil watch [--json] [--home DIR]
`;

/** A server that is being restarted is back within seconds. */
const RETRIES_MAX = 30;
const RETRY_MS = 1_000;

export async function watch(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args, HELP);
  if (invocation === null) return 0;
  const { url, token } = runningInstallation(invocation.home);
  const take = (data: string): void => {
    const event = streamEvent.parse(JSON.parse(data));
    const line = invocation.json ? JSON.stringify(event) : sentence(event);
    if (line !== null) process.stdout.write(`${line}\n`);
  };
  let last: string | null = null;
  for (let failed = 0; failed < RETRIES_MAX; failed++) {
    try {
      const headers: Record<string, string> = { authorization: `Bearer ${token}` };
      if (last !== null) headers['last-event-id'] = last;
      const answer = await fetch(url + EVENTS_PATH, { headers });
      if (!answer.ok || answer.body === null)
        throw new CommandError(`the server refused: HTTP ${answer.status}`);
      failed = 0;
      let rest = '';
      for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + chunk).split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const [, id, data] = /^(?:id: ([0-9]+)\n)?data: (.*)$/s.exec(part) ?? [];
          if (id !== undefined) last = id;
          if (data !== undefined) take(data);
        }
      }
    } catch (error) {
      if (error instanceof CommandError) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new CommandError('the server does not come back. Look with `counterfoil doctor`.');
}

/** Null for what decisions and notices say better, and for prices, which come many times a second. */
function sentence(event: StreamEvent): string | null {
  switch (event.type) {
    case 'decision':
      return `${event.decision.at}  ${event.bot}  ${event.decision.sentence}`;
    case 'fill': {
      const { at, bot, side, quantity, symbol, price } = event.fill;
      return `${at}  ${bot}  ${side === 'buy' ? 'bought' : 'sold'} ${quantity} of ${symbol} at ${price}`;
    }
    case 'notice':
      return `${event.notice.at}  ${event.notice.level.toUpperCase()}  ${event.notice.subject}: ${event.notice.body}`;
    case 'bot':
      return `${event.bot.name} is ${event.bot.state}`;
    case 'smartTrade':
      return `${event.smartTrade.name} is ${event.smartTrade.state}`;
    case 'job':
      return `${event.job.title}: ${event.job.state}, ${event.job.percent} %`;
    case 'balances':
    case 'connection':
    case 'deal':
    case 'foreignTrade':
    case 'freezes':
    case 'health':
    case 'order':
    case 'price':
    case 'reload':
      return null;
    default:
      return event satisfies never;
  }
}
