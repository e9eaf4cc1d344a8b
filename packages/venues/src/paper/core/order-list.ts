/** Two orders of which one replaces the other: as soon as either trades or fires, the other one expires. */
export interface OrderList {
  readonly id: number;
  readonly account: number;
  readonly symbol: string;
  readonly clientListId: string;
  readonly orderIds: readonly [number, number];
  /** Kept beside the ids, so that a list can be shown after its orders left the history. */
  readonly clientOrderIds: readonly [string, string];
  readonly createdAt: number;
  updatedAt: number;
  /** The order that traded or fired first; -1 while none has. */
  winnerId: number;
  isDone: boolean;
}
