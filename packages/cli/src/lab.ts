/** `counterfoil data`, `backtest` and `optimise`: the lab's commands on this terminal. */
import { type CommandIo, runBacktestCommand, runDataCommand, runOptimiseCommand } from '@counterfoil/lab';

const DATA_HELP = `Fetches recorded market data, keeps it in a form that needs no parsing, and says what is missing.

Usage: npx counterfoil data download --symbol BTCUSDT --from 2025-01 --to 2025-03 [options]
       npx counterfoil data download --what trades --symbol BTCUSDT --from 2025-01-01 --to 2025-01-02
       npx counterfoil data import FILE … --out NAME.candles
       npx counterfoil data inspect FILE …

  --what candles|trades
  --interval 1m        of candles
  --folder history     what is there and whole is not fetched again
  --archive URL        a mirror of the exchange's public archive, in its layout

Every file is checked against the archive's SHA-256. A stopped download goes on where it was. Holes are told of and
never filled; with a hole, a missing or a corrupt file the command ends with 1.
`;

/** The same for both commands, with their defaults; rates are in percent. */
const OPTIONS = `Data and market
  --data FILE          candles: .candles of counterfoil data, or timestamp_ms,open,high,low,close,volume
                       trades, replayed one by one: of the exchange's archive (data download --what trades),
                       timestamp_ms,price,quantity, or recorded frames of a trade stream
                       each also packed, as .gz or .zip
  --symbol BTCUSD  --base-asset BTC  --quote-asset USD  --tick STEP  --lot 0.00001  --min-order 10
  --maker-fee 0.1  --taker-fee 0.1  --quote 10000  --base 0  --from DAY  --to DAY

How fills are assumed
  --path adaptive|low-first|high-first|close-only
  --half-spread 0.005  --slippage 0.01  --volume-share 5  --fee-in quote|received|third

DCA bot
  --direction long|short  --base-order 100  --averaging-order 100  --size-in quote|base|percent
  --base-type market|limit  --steps 6  --active N  --deviation 1  --step-scale 1  --volume-scale 1
  --take-profit 1.2    or several targets, 1,2,3, or with their shares, 1:50,2:50; none for no target
  --profit-of total|base  --profit-in quote|base  --trailing RATE
  --stop-loss RATE  --stop-trailing no|yes  --stop-seconds N  --breakeven no|average|target-1|target-2
  --stop-bot no|yes  --deal-minutes N  --deals-max N  --delay-minutes 0  --cooldown-minutes 0
  --price-above PRICE  --price-below PRICE  --turnover-min AMOUNT  --reinvest 0  --risk-reduction 0
  --start-when 'rsi(14)@1h<30'  --close-when CONDITION  --close-min RATE  --average-when CONDITION
  --signals FILE       alerts for conditions such as 'signal(buy)@5m': timestamp_ms,name

Conditions, joined by commas: all must hold on closed candles; x< and x> mean crossing
  rsi(14) cci(20) mfi(14) qfl(10) sma(20) ema(20) atr-percent(14) volume(1) turnover(1) sma-cross(10,30)
  ema-cross(10,30) macd(12,26,9) bollinger(20,2) stochastic(14,3,3) ultimate(7,14,28) parabolic(0.02,0.2)
  heikin-ashi; for example 'bollinger(20,2)@15m<0' or 'ema-cross(10,30)@1hx>0'

Grid bot
  --lower PRICE  --upper PRICE  --lines 20  --spacing arithmetic|geometric  --line-order 100
  --size-in quote|base  --profit-in quote|base  --balance yes|no  --active-buys N  --active-sells N
  --trailing-up no|yes  --trailing-down no|yes  --expand-up-to PRICE  --expand-down-to PRICE
  --stop-above PRICE  --stop-below PRICE  --stop-action stop|stop-and-sell|stop-and-buy

SmartTrade
  --direction long|short  --quantity 0.1  --entry-price PRICE  --take-profit 2 or 2,4 or 2:70,4:30
  --trailing RATE  --stop-loss RATE  --stop-trailing no|yes  --stop-seconds N  --breakeven no|yes

An option that cannot work, or that nothing reads, is refused by name with what to change.
`;

const BACKTEST_HELP = `Runs one bot over recorded candles or trades: what would have happened, by which assumptions.

Usage: npx counterfoil backtest --bot dca|grid|smart-trade --data FILE [options]

  --json FILE          the report as JSON
  --html FILE          the report as one page that needs nothing else

${OPTIONS}`;

const OPTIMISE_HELP = `Runs many configurations of one bot over recorded candles, and shows what lies beside the best.

Usage: npx counterfoil optimise --bot dca|grid --data FILE --OPTION FROM..TO/STEP [options]

  --deviation 0.5..3/0.25   makes an option vary; several may
  --random N  --seed 1      N random configurations instead of all
  --workers N               threads (default: one per core)
  --state FILE              keeps what was computed: after Ctrl-C the same command goes on from there
  --json FILE               every result as JSON

${OPTIONS}`;

export function data(args: readonly string[]): Promise<number> {
  return onTerminal(args, DATA_HELP, runDataCommand);
}

export function backtest(args: readonly string[]): Promise<number> {
  return onTerminal(args, BACKTEST_HELP, runBacktestCommand);
}

export function optimise(args: readonly string[]): Promise<number> {
  return onTerminal(args, OPTIMISE_HELP, runOptimiseCommand);
}

async function onTerminal(
  args: readonly string[],
  help: string,
  run: (args: readonly string[], io: CommandIo) => Promise<number>,
): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return run(args, {
    write: (text) => void process.stdout.write(text),
    columns: process.stdout.columns ?? 80,
    interactive: process.stdout.isTTY,
    nowMs: Date.now,
    signal: stop.signal,
  });
}
