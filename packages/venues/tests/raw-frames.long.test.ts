import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWholeBook } from './_plain-book.ts';
import { HAS_DATA } from './_raw-frames.ts';

const skip = HAS_DATA ? false : 'data folder absent';

test(
  'over ten minutes of recorded updates each level of the book is the one that was told',
  { skip },
  async () => {
    const { updates, levels } = await compareWholeBook([
      'spot_btcusdt_20240808.gz',
      'spot_btcusdt_20240809.gz',
    ]);
    assert(updates > 6_400 && levels > 10_000_000, `${updates} updates, ${levels} levels`);
  },
);
