import type { Parked } from '@counterfoil/engine';

/** A trigger as the ledger keeps it: with the peak (or trough) that a trail has reached. */
export interface StoredParked extends Parked {
  readonly extreme: number | null;
}
