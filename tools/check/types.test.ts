import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copySettings, fixtureNames, linkInstalled, plant } from '../_plant.ts';
import { toolFindings } from './tool.ts';

// The compiler refuses this one without `strict`, so it is taken away together with it.
const leansOnStrict = ['--exactOptionalPropertyTypes', 'false'];

for (const option of fixtureNames('types')) {
  test(`the compiler option ${option} catches its planted violation, which passes when it is off`, async (t) => {
    const root = plant(t, 'types', ['_base', option]);
    copySettings(root, 'tsconfig.json');
    linkInstalled(root);
    assert.match(
      await toolFindings(root, 'tsc', ['-p', '.']),
      /^tools\/planted\.ts\(\d+,\d+\): error TS\d+/u,
    );
    const off = [`--${option}`, 'false', ...(option === 'strict' ? leansOnStrict : [])];
    assert.equal(await toolFindings(root, 'tsc', ['-p', '.', ...off]), '');
  });
}
