/** A no of the gate: a code of the closed union, and what it means for money. */
import type { GateRefusal } from '@counterfoil/vocabulary/protocol';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: GateRefusal;

  constructor(code: GateRefusal, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
