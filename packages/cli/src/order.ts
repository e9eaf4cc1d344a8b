/** `counterfoil order`: one order on paper through the whole path, and its receipt in a file. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DecimalError, parseDecimal } from '@counterfoil/vocabulary';
import { CommandError, UsageError } from './errors.ts';
import { homeFolder, runningInstallation } from './home.ts';

const HELP = `Places one order on the built-in paper exchange: simulated money, real path.

Usage: npx counterfoil order buy|sell AMOUNT SYMBOL [options]

  npx counterfoil order buy 0.001 BTCUSDT                   market order for 0.001 BTC
  npx counterfoil order buy 50 BTCUSDT --quote              market order for 50 USDT
  npx counterfoil order sell 0.001 BTCUSDT --limit 65000    limit order

  --limit PRICE          rest at this price instead of taking the market's
  --time-in-force WORD   gtc, ioc or fok (with --limit; default gtc)
  --quote                AMOUNT is in the quote asset
  --receipt FILE         where the receipt goes (default: ./CLIENT-ORDER-ID.tlog-proof)
  --json                 the answer as JSON
  --home DIR             data folder
`;

/** Longer than the vault and the exchange take together to answer or to say that they do not know. */
const ANSWER_MS_MAX = 30_000;

interface PlacedOrder {
  readonly seq: number;
  readonly state: string;
  readonly clientOrderId: string | null;
  readonly outcome: Readonly<Record<string, string | number | null>> | null;
  readonly receipt: string | null;
}

export async function order(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      limit: { type: 'string' },
      'time-in-force': { type: 'string' },
      quote: { type: 'boolean', default: false },
      receipt: { type: 'string' },
      json: { type: 'boolean', default: false },
      home: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [side, amount, symbol, ...rest] = positionals;
  if (side !== 'buy' && side !== 'sell') throw new UsageError('say buy or sell first');
  if (amount === undefined || symbol === undefined || rest.length > 0)
    throw new UsageError('say AMOUNT and SYMBOL');
  const placed = await place(homeFolder(values.home), {
    symbol,
    side,
    type: values.limit === undefined ? 'market' : 'limit',
    amount: decimal('AMOUNT', amount),
    sizedBy: values.quote ? 'quote' : 'base',
    price: values.limit === undefined ? null : decimal('--limit', values.limit),
    timeInForce: values['time-in-force'] ?? (values.limit === undefined ? null : 'gtc'),
  });
  const file = keepReceipt(placed, values.receipt);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...placed, receiptFile: file })}\n`);
  else process.stdout.write(describe(placed, file));
  return placed.state === 'accepted' ? 0 : 1;
}

function decimal(name: string, value: string): string {
  try {
    const { units } = parseDecimal(value);
    if (units > 0n) return value;
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
  }
  throw new UsageError(`${name} is a number above zero, like 0.001`);
}

async function place(home: string, body: unknown): Promise<PlacedOrder> {
  const { url, token } = runningInstallation(home);
  let answer: Response;
  try {
    answer = await fetch(`${url}/v1/paper/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  } catch (cause) {
    throw new CommandError(
      'the server did not answer. The order may have been placed: look before you place another.',
      { cause },
    );
  }
  if (!answer.ok) {
    const { detail } = (await answer.json()) as { detail: string };
    throw new CommandError(detail);
  }
  return (await answer.json()) as PlacedOrder;
}

function keepReceipt(placed: PlacedOrder, given: string | undefined): string | null {
  if (placed.receipt === null) return null;
  const file = given ?? `${placed.clientOrderId}.tlog-proof`;
  try {
    writeFileSync(file, placed.receipt);
  } catch (cause) {
    throw new CommandError(`the order is ${placed.state}, but its receipt cannot be written to ${file}.`, {
      cause,
    });
  }
  return file;
}

const sentences: Readonly<Record<string, string>> = {
  accepted: 'The exchange took the order.',
  rejected: 'The exchange refused the order; nothing was traded.',
  refused: 'The vault refused the order; nothing was sent.',
  notPlaced: 'The order was not placed, and cannot arrive any more.',
  unknown: 'Nobody knows yet whether the exchange took the order. It is being looked up; do not repeat it.',
  journalled:
    'The order is written down, and the vault has not answered. It is looked up as soon as it does.',
};

function describe(placed: PlacedOrder, file: string | null): string {
  const { outcome } = placed;
  const lines = [`PAPER  ${sentences[placed.state] ?? placed.state}`, ''];
  const row = (name: string, value: string | number | null | undefined): void => {
    if (value !== null && value !== undefined) lines.push(`  ${name.padEnd(16)}${value}`);
  };
  row('state', outcome?.['orderState'] ?? placed.state);
  row('filled', outcome?.['filledQuantity']);
  row('for', outcome?.['filledAmount']);
  row('reason', outcome?.['venueSentence'] ?? outcome?.['sentence']);
  row('client order id', placed.clientOrderId);
  row('venue order id', outcome?.['venueOrderId']);
  row('receipt', file);
  if (file !== null) lines.push('', `Check it:  npx counterfoil verify receipt ${file}`);
  return `${lines.join('\n')}\n`;
}
