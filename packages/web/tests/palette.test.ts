import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Deficiency, contrast, deficiencies, distance } from './_colour.ts';

const css = readFileSync(join(import.meta.dirname, '../src/styles.css'), 'utf8');

/** Colours as a browser resolves them: later blocks add to the ones before. */
function colours(...selectors: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const selector of selectors) {
    const block = css.split(`\n${selector} {`)[1]?.split('}')[0];
    assert.ok(block !== undefined, `${selector} is in styles.css`);
    for (const [, name = '', value = ''] of block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/gu))
      found.set(name, value);
  }
  return found;
}

const light = ":root[data-theme='light']";
const palettes = {
  'dark standard': colours(':root'),
  'dark blue and orange': colours(':root', ":root[data-palette='blue-orange']"),
  'dark red up': colours(':root', ":root[data-palette='red-up']"),
  'light standard': colours(':root', light),
  'light blue and orange': colours(':root', light, `${light}[data-palette='blue-orange']`),
  'light red up': colours(':root', light, `${light}[data-palette='red-up']`),
};

/** Under about 15 two colours are hard to tell at a glance. */
const DISTANCE_MIN = 15;
/** WCAG 2.2 AA for text. */
const CONTRAST_MIN = 4.5;
const eyes = Object.keys(deficiencies) as Deficiency[];

function hex(palette: ReadonlyMap<string, string>, name: string): string {
  const value = palette.get(name);
  assert.ok(value !== undefined, `--${name} is defined`);
  return value;
}

describe('the palette', () => {
  for (const [name, palette] of Object.entries(palettes)) {
    for (const eye of eyes) {
      test(`${name}: profit and loss differ for ${eye === 'normal' ? 'normal sight' : eye}`, (t) => {
        const far = distance(hex(palette, 'up'), hex(palette, 'down'), eye);
        t.diagnostic(`distance ${far.toFixed(1)}`);
        assert.ok(far >= DISTANCE_MIN, `${far.toFixed(1)} of at least ${DISTANCE_MIN}`);
      });
    }
    test(`${name}: every text colour is readable on every ground`, () => {
      for (const ink of ['ink', 'muted', 'accent', 'up', 'down', 'paper', 'live']) {
        for (const ground of ['ground', 'panel', 'raised']) {
          const ratio = contrast(hex(palette, ink), hex(palette, ground));
          assert.ok(ratio >= CONTRAST_MIN, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }
      for (const ground of ['accent', 'danger']) {
        const ratio = contrast(hex(palette, `on-${ground}`), hex(palette, ground));
        assert.ok(ratio >= CONTRAST_MIN, `text on ${ground}: ${ratio.toFixed(2)}`);
      }
    });
  }

  test('a common green and red is told apart by normal sight and refused for deuteranopia', () => {
    assert.ok(distance('#12bb7b', '#ef5350', 'normal') >= DISTANCE_MIN);
    assert.ok(distance('#12bb7b', '#ef5350', 'deuteranopia') < DISTANCE_MIN);
  });
});
