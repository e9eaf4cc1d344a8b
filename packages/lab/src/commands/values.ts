import type { Rate } from '@counterfoil/vocabulary';
import { LabError } from '../errors.ts';
import type { Flags } from './flags.ts';
import { percentRate, rateOf } from './market.ts';

const WHOLE = rateOf('100');

/** What `read` makes of a plain decimal; null where the flag is not given. */
export function optional<T>(flags: Flags, name: string, read: (text: string) => T): T | null {
  return flags.text(name) === null ? null : flags.exact(name, '0', read);
}

/** A percentage; null where the flag is not given, or is 0. */
export function optionalRate(flags: Flags, name: string): Rate | null {
  const text = flags.text(name);
  if (text === null || text === '0') return null;
  return percentRate(flags, name, '0');
}

/** A factor such as `1.5`; rates count one as one. */
export function scale(flags: Flags, name: string): Rate {
  const rate = rateOf(flags.decimal(name, '1'));
  return (rate * 100n) as Rate;
}

/**
 * The targets of `--take-profit`: `1.2`, several as `1,2,3` with equal shares, or with shares in percent as
 * `1:50,2:30,3:20`; `none` for no target. The last one takes what rounding leaves.
 */
export function sharesOf(flags: Flags, fallback: string): readonly { rate: Rate; share: Rate }[] {
  const text = flags.textOr('take-profit', fallback);
  if (text === 'none') return [];
  const targets = text.split(',').map((one) => one.split(':'));
  if (targets.some((parts) => parts.length !== targets[0]?.length || parts.length > 2))
    throw new LabError(
      'bad-flag',
      `--take-profit ${text}: give every target a share, as in 1:50,2:50, or none.`,
    );
  const each = (WHOLE / BigInt(targets.length)) as Rate;
  const last = (WHOLE - each * BigInt(targets.length - 1)) as Rate;
  return targets.map(([gain = '', share], n) => ({
    rate: rateOf(gain),
    share: share === undefined ? (n === targets.length - 1 ? last : each) : rateOf(share),
  }));
}
