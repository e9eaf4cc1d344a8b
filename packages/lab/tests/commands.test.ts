import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rateOf } from '../src/commands/market.ts';
import { runBacktestCommand, runOptimiseCommand } from '../src/index.ts';
import { collectingIo, folder, waveFile } from './_fixtures.ts';

test('a backtest prints figures, sensitivity, data and assumptions, and writes JSON and HTML', async (t) => {
  const data = waveFile(t);
  const [json, html] = [join(folder(t), 'r.json'), join(folder(t), 'r.html')];
  const io = collectingIo();
  assert.equal(
    await runBacktestCommand(['--bot', 'dca', '--data', data, '--json', json, '--html', html], io),
    0,
  );
  for (const part of [
    'Profit, fees paid',
    'Sensitivity',
    'closes alone',
    'band of all four',
    '--averaging-order 100',
    'Gaps',
    'Assumptions',
    'Before you trust this',
  ]) {
    assert.ok(io.text().includes(part), part);
  }
  const report = JSON.parse(readFileSync(json, 'utf8')) as {
    measures: { deals: number };
    deals: { profit: string }[];
  };
  assert.equal(report.deals.length, report.measures.deals);
  assert.match(report.deals[0]?.profit ?? '', /^-?\d+$/);
  const page = readFileSync(html, 'utf8');
  assert.match(page, /<polyline points="0\.0,/);
  assert.doesNotMatch(page, /<script|https?:/);
});

test('the band of a report holds its own result, and the settings say what the defaults were', async (t) => {
  const json = join(folder(t), 'r.json');
  await runBacktestCommand(['--data', waveFile(t), '--trailing', '0.2', '--json', json], collectingIo());
  const report = JSON.parse(readFileSync(json, 'utf8')) as {
    measures: { profit: number };
    sensitivity: Record<string, number>;
    settings: [string, string][];
  };
  const profits = Object.values(report.sensitivity);
  assert.equal(report.sensitivity['adaptive'], report.measures.profit);
  assert.ok(Math.min(...profits) <= report.measures.profit && report.measures.profit <= Math.max(...profits));
  const settings = new Map(report.settings);
  assert.equal(settings.get('trailing'), '0.2');
  assert.equal(settings.get('take-profit'), '1.2');
  assert.equal(settings.get('taker-fee'), '0.1');
  assert.equal(settings.has('json'), false, 'a file is no setting');
});

test('a file of trades is replayed trade by trade, beside the candles that these trades make', async (t) => {
  const data = join(folder(t), 'trades.csv');
  const price = (n: number): string => (10_000 + 200 * Math.sin(n / 300)).toFixed(2);
  const rows = Array.from({ length: 6_000 }, (_, n) => `${1_600_000_020_000 + n * 700},${price(n)},2`);
  writeFileSync(data, `time,price,quantity\n${rows.join('\n')}\n`);
  const io = collectingIo();
  assert.equal(await runBacktestCommand(['--data', data, '--take-profit', '0.5'], io), 0);
  assert.match(io.text(), /Trades\s+6,000\n\s+Longest silence\s+1 s/);
  assert.match(io.text(), /trade by trade .*← this report, (inside|outside) the band/);
  assert.match(io.text(), /replayed one by one/);
  assert.match(io.text(), /5 % of a trade's volume/);
  assert.doesNotMatch(io.text(), /Gaps|Sharpe|Inside a candle/, 'nothing of candles where there are none');
  const sweep = collectingIo();
  const axes = ['--take-profit', '0.3..0.6/0.1', '--workers', '1'];
  assert.equal(await runOptimiseCommand(['--data', data, ...axes], sweep), 0);
  assert.match(sweep.text(), /4 of 4 configurations/);
});

test('a grid counts its round trips', async (t) => {
  const io = collectingIo();
  const bounds = ['--lower', '9600', '--upper', '10400', '--lines', '9'];
  await runBacktestCommand(['--bot', 'grid', '--data', waveFile(t), ...bounds], io);
  const [, trips = '', won] = /Round trips, won\s+(\d+), (\d+)/.exec(io.text()) ?? [];
  assert.ok(Number(trips) > 10 && trips === won, io.text());
  assert.match(io.text(), /of round trips\s+\+[1-9]/);
  assert.doesNotMatch(io.text(), /Deals closed|Averaging/);
});

test('both commands say how far they are before they have read their data', async (t) => {
  const data = waveFile(t);
  for (const [run, args] of [
    [runBacktestCommand, []],
    [runOptimiseCommand, ['--deviation', '0.4..1.2/0.2']],
  ] as const) {
    const written: string[] = [];
    const io = { ...collectingIo(), write: (text: string) => void written.push(text) };
    const done = run(['--data', data, ...args], io);
    assert.match(written[0] ?? '', /░ reading the candles/, 'in the same turn as the call');
    await done;
    const quiet = collectingIo();
    await run(['--data', data, ...args], { ...quiet, interactive: false });
    assert.doesNotMatch(quiet.text(), /\r|reading the candles/, 'nothing of it in a file');
  }
});

test('a grid runs from flags too', async (t) => {
  const io = collectingIo();
  const args = [
    '--bot',
    'grid',
    '--data',
    waveFile(t),
    '--lower',
    '9600',
    '--upper',
    '10400',
    '--lines',
    '9',
  ];
  assert.equal(await runBacktestCommand(args, io), 0);
  assert.match(io.text(), /GRID bot on BTCUSD/);
});

test('a bot begins its deals by recorded alerts', async (t) => {
  const alerts = join(folder(t), 'alerts.csv');
  writeFileSync(alerts, 'timestamp_ms,name\n1600003600000,go\n1600090000000,go\n');
  const args = ['--data', waveFile(t), '--start-when', 'signal(go)@2m', '--signals', alerts];
  const io = collectingIo();
  assert.equal(await runBacktestCommand([...args, '--take-profit', '0.5'], io), 0);
  assert.match(io.text(), /Deals closed, won\s+2, 2/);
  const sweep = collectingIo();
  assert.equal(
    await runOptimiseCommand([...args, '--take-profit', '0.3..0.5/0.1', '--workers', '1'], sweep),
    0,
  );
  assert.match(sweep.text(), /drawdown .* 2 deals/);
  const nothing = collectingIo();
  await runBacktestCommand(['--data', waveFile(t), '--start-when', 'signal(go)'], nothing);
  assert.match(nothing.text(), /Deals closed, won\s+0, 0/);
});

test('a SmartTrade runs from flags, with several targets', async (t) => {
  const io = collectingIo();
  const args = [
    '--bot',
    'smart-trade',
    '--data',
    waveFile(t),
    '--quantity',
    '0.01',
    '--take-profit',
    '0.5,1',
    '--stop-loss',
    '9',
  ];
  assert.equal(await runBacktestCommand(args, io), 0);
  assert.match(io.text(), /Deals closed, won\s+1, 1/);
});

test('impossible bots and unknown flags end before the run, with what to change', async (t) => {
  const data = waveFile(t);
  const run = (...args: string[]) => runBacktestCommand(['--data', data, ...args], collectingIo());
  await assert.rejects(run('--base-order', '5'), /baseOrder .*smallest order there is 10 USD/);
  await assert.rejects(run('--quote', '450'), /covers 4 of 7 orders/);
  await assert.rejects(
    run('--deviation', '0.0001', '--tick', '1'),
    /price step is 1: use a larger deviation/,
  );
  await assert.rejects(
    run('--stop-loss', '3'),
    /before its last averaging order at 6 %; move the stop beyond it/,
  );
  await assert.rejects(run('--deviaton', '2'), /--deviaton is not known here/);
  await assert.rejects(run('--deviation', '1e3'), /write a plain number/);
  await assert.rejects(run('--take-profit', 'lots'), /lots is not a percentage/);
  await assert.rejects(run('--bot', 'martingale'), /choose dca, grid, smart-trade/);
  await assert.rejects(run('--start-when', 'rsi<30'), /not a condition such as/);
});

const sweepFlags = ['--deviation', '0.4..1.2/0.2', '--take-profit', '0.4..1.4/0.2', '--steps', '3'];

test('a sweep runs every configuration and shows the neighbourhood of the best', async (t) => {
  const io = collectingIo();
  const json = join(folder(t), 'sweep.json');
  const args = ['--data', waveFile(t), ...sweepFlags, '--workers', '2', '--json', json];
  assert.equal(await runOptimiseCommand(args, io), 0);
  assert.match(io.text(), /30 of 30 configurations/);
  assert.match(io.text(), /take-profit \(down\) by deviation/);
  assert.match(io.text(), /◆/);
  assert.match(io.text(), /chosen with hindsight/);
});

test('a sweep that was stopped goes on where it was and ends as if it never stopped', async (t) => {
  const data = waveFile(t);
  const dir = folder(t);
  const whole = join(dir, 'whole.json');
  await runOptimiseCommand(['--data', data, ...sweepFlags, '--json', whole], collectingIo());
  const state = join(dir, 'state.jsonl');
  const stopper = new AbortController();
  const io = collectingIo(stopper.signal);
  const stopping = { ...io, write: (text: string) => (io.write(text), /\/s/.test(text) && stopper.abort()) };
  const args = ['--data', data, ...sweepFlags, '--workers', '1', '--state', state];
  await assert.rejects(runOptimiseCommand(args, stopping), /Stopped after \d+ of 30.*go on from/);
  const kept = readFileSync(state, 'utf8').trim().split('\n').length - 1;
  assert.ok(kept > 0 && kept < 30, `${kept} outcomes were kept`);
  const resumed = join(dir, 'resumed.json');
  await runOptimiseCommand([...args, '--json', resumed], collectingIo());
  assert.equal(readFileSync(resumed, 'utf8'), readFileSync(whole, 'utf8'));
  await assert.rejects(
    runOptimiseCommand(['--data', data, '--deviation', '0.4..1/0.2', '--state', state], collectingIo()),
    /belongs to another sweep/,
  );
});

test('a random sweep draws as many different configurations as asked, the same for the same seed', async (t) => {
  const data = waveFile(t);
  const outcomes = async (seed: string): Promise<string> => {
    const json = join(folder(t), 'random.json');
    await runOptimiseCommand(
      ['--data', data, ...sweepFlags, '--random', '7', '--seed', seed, '--json', json],
      collectingIo(),
    );
    return readFileSync(json, 'utf8');
  };
  const first = await outcomes('5');
  assert.equal((JSON.parse(first) as { outcomes: unknown[] }).outcomes.length, 7);
  assert.equal(await outcomes('5'), first);
  assert.notEqual(await outcomes('6'), first);
});

test('percent texts become exact rates', () => {
  assert.equal(rateOf('1'), 1_000_000n);
  assert.equal(rateOf('0.075'), 75_000n);
  assert.equal(rateOf('100'), 100_000_000n);
  assert.equal(rateOf('12.5'), 12_500_000n);
});
