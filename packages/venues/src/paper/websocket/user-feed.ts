import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { ExchangeEvent } from '../core/state.ts';
import { ownerOf, userFrame } from '../streams/user-frames.ts';
import type { Venue } from '../venue.ts';

interface UserSubscription {
  readonly id: number;
  readonly socket: WebSocket;
  readonly account: number;
}

/** Tells accounts what happened to them, over the connections that subscribed. */
export class UserFeed {
  readonly #venue: Venue;
  readonly #byAccount = new Map<number, UserSubscription[]>();
  readonly #stopListening: () => void;
  #nextId = 0;
  /** A frame that the `reorder` fault holds back until the next one has gone. */
  #held: (() => void) | null = null;

  constructor(venue: Venue) {
    this.#venue = venue;
    this.#stopListening = venue.listen((events) => this.#onEvents(events));
  }

  close(): void {
    this.#stopListening();
  }

  /** Returns the id under which frames arrive. */
  add(socket: WebSocket, account: number): number {
    const subscription = { id: this.#nextId, socket, account };
    this.#nextId += 1;
    this.#byAccount.set(account, [...(this.#byAccount.get(account) ?? []), subscription]);
    return subscription.id;
  }

  /** Ends one subscription of a connection, or all of them without an id. */
  remove(socket: WebSocket, id: number | undefined): void {
    for (const [account, subscriptions] of this.#byAccount) {
      const rest = subscriptions.filter(
        (one) => one.socket !== socket || (id !== undefined && one.id !== id),
      );
      if (rest.length === 0) this.#byAccount.delete(account);
      else this.#byAccount.set(account, rest);
    }
  }

  removeAll(socket: WebSocket): void {
    this.remove(socket, undefined);
  }

  #onEvents(events: readonly ExchangeEvent[]): void {
    for (const event of events) {
      const owner = ownerOf(event);
      const subscriptions = owner === null ? undefined : this.#byAccount.get(owner);
      if (subscriptions === undefined) continue;
      const frame = userFrame(event, (symbol) => this.#venue.state.market(symbol));
      for (const { id, socket } of subscriptions) {
        this.#deliver(() => socket.send(JSON.stringify({ subscriptionId: id, event: frame })));
      }
    }
  }

  /** Sends one frame, as well or as badly as the fault that is switched on says. */
  #deliver(send: () => void): void {
    const fault = this.#venue.faults.takeEvent();
    if (fault?.kind === 'duplicate') send();
    if (fault?.kind === 'reorder' && this.#held === null) {
      this.#held = send;
      return;
    }
    if (fault?.kind === 'late') {
      void delay(fault.delayMs).then(send);
      return;
    }
    if (fault?.kind !== 'lose') send();
    const held = this.#held;
    this.#held = null;
    held?.();
  }
}
