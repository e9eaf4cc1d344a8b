/** English for codes: a sentence made of a saying's values. `say` says the sayings among them. */
import type { Saying, SayingCode, ValuesOf } from '@counterfoil/api';

export type Say = (saying: Saying) => string;

export type English<Code extends SayingCode> = {
  readonly [One in Code]: (values: ValuesOf<One>, say: Say) => string;
};
