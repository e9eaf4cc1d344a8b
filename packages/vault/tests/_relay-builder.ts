/** A builder that asks the real one, and then says what it likes. */
import type { TestContext } from 'node:test';
import {
  type BuilderAnswer,
  type BuilderRequest,
  builderAnswer,
  builderRequest,
} from '@counterfoil/vocabulary/protocol';
import { readMessages, writeMessage } from '@counterfoil/wire';
import { askableBuilder } from './_builder.ts';
import { attached } from './_vault.ts';

export type Say = (answer: BuilderAnswer) => void;
export type Relay = (honest: BuilderAnswer, say: Say, request: BuilderRequest) => void;

export const asItIs: Relay = (honest, say) => say(honest);

/** Attaches such builders to a vault, the next one when the gate is done with one. What it says can be changed. */
export async function relayBuilder(t: TestContext, socketPath: string): Promise<{ relay: Relay }> {
  const honest = await askableBuilder(t);
  const builder = { relay: asItIs };
  const attach = async (): Promise<void> => {
    const socket = await attached(t, socketPath, 'builder');
    const say: Say = (answer) => {
      if (!socket.destroyed) writeMessage(socket, builderAnswer, answer);
    };
    readMessages(socket, builderRequest, {
      onMessage: (request) => {
        void honest
          .call((id) => ({ ...request, id }))
          .then((answer) => builder.relay({ ...answer, id: request.id }, say, request));
      },
      onClose: () => void attach().catch(() => undefined),
    });
  };
  await attach();
  return builder;
}
