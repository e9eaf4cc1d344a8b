import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetCode, venueSymbol } from '@counterfoil/vocabulary';
import { checkDcaOptions } from '../src/machines/dca/check-options.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { plainDca } from './_dca.ts';
import { Hand } from './_hand.ts';
import { btc, coins, dollars, percent } from './_markets.ts';

const eth = { ...btc, symbol: venueSymbol.parse('ETHUSDT'), base: assetCode.parse('ETH') };
const several = plainDca({ markets: [btc, eth], dealsAtOnce: 2 });

test('a bot with several markets runs deals on each, and each has its own orders and triggers', () => {
  const hand = new Hand(dcaMachine, several, dollars(1_000));
  assert.deepEqual(hand.armed(), ['start-0-conditions', 'start-1-conditions']);
  hand.fire('start-1-conditions', dollars(500));
  hand.fill('base', dollars(500));
  assert.equal(hand.state.deals[0]?.market, 1);
  assert.equal(hand.order('tp1')[1].price, dollars(505));
  hand.fire('start-0-conditions', dollars(1_000));
  const [second] = [...hand.working.keys()].filter((name) => name.startsWith('d2-base'));
  assert.equal(second, 'd2-base-1');
  hand.fill('base', dollars(1_000));
  assert.deepEqual([...hand.working.keys()].filter((name) => name.includes('tp1')).length, 2);
  assert.deepEqual(hand.armed(), [], 'two deals are all it may have');
  for (const [name, market] of hand.marketOf) assert.equal(market, name.startsWith('d1') ? 1 : 0, name);
});

test('a command with the price of another market than its deal is on changes nothing', () => {
  const hand = new Hand(dcaMachine, several, dollars(1_000));
  hand.fire('start-1-conditions', dollars(500));
  hand.fill('base', dollars(500));
  const before = hand.state;
  hand.command({ kind: 'close-deal', deal: 1 }, dollars(1_000), 0);
  assert.deepEqual(hand.state, before);
  assert.match(hand.lastNote('ignored').detail, /on market 1, not 0/);
  hand.command({ kind: 'close-deal', deal: 1 }, dollars(500), 1);
  assert.equal(hand.order('close')[1].side, 'sell');
});

test('a limit on deals keeps the other market waiting until one ends', () => {
  const hand = new Hand(dcaMachine, plainDca({ markets: [btc, eth], dealsAtOnce: 1 }), dollars(1_000));
  hand.fire('start-0-conditions', dollars(1_000));
  assert.deepEqual(hand.armed(), []);
  hand.command({ kind: 'start-deal' }, dollars(500), 1);
  assert.equal(hand.lastNote('waiting-for-deal-slot').limit, 1);
  hand.fill('base', dollars(1_000));
  hand.fill('tp1');
  assert.deepEqual(hand.armed(), ['start-0-conditions', 'start-1-conditions']);
});

test('a price range in percent counts from the price at which the bot first looked at the market', () => {
  const start = { ...plainDca().start, priceRange: { by: 'percent', min: null, max: percent(2) } } as const;
  const hand = new Hand(dcaMachine, { ...several, start }, dollars(1_000));
  hand.fire('start-1-conditions', dollars(500)); // the reference: a deal starts
  hand.fill('base', dollars(500));
  hand.fill('tp1', dollars(520));
  hand.fire('start-1-conditions', dollars(520));
  assert.equal(hand.level('start-1-range'), 51_000);
});

test('several markets need one quote asset and a range in percent', () => {
  const other = { ...eth, quote: assetCode.parse('EUR') };
  const prices = [dollars(1_000), dollars(500)];
  assert.deepEqual(checkDcaOptions(several, prices, { quote: (10n ** 12n) as never, base: coins(0) }), []);
  assert.match(
    checkDcaOptions({ ...several, markets: [btc, other] }, prices)[0]?.message ?? '',
    /not quoted in USDT/,
  );
  const start = { ...several.start, priceRange: { by: 'price', min: null, max: dollars(2) } } as const;
  assert.match(checkDcaOptions({ ...several, start }, prices)[0]?.message ?? '', /fits one market only/);
});
