/**
 * The builder: turns an intent into the request that a venue understands. It has one descriptor, no secret and no
 * network; it may die at any time, and what it says is checked by the gate.
 */
import { Socket } from 'node:net';
import { readMessages, writeMessage } from '@counterfoil/wire';
import {
  type BuilderAnswer,
  type BuilderRequest,
  builderAnswer,
  builderRequest,
} from '@counterfoil/vocabulary/protocol';
import { buildBinance } from './binance-form.ts';

const door = new Socket({ fd: 3, readable: true, writable: true });

readMessages(door, builderRequest, {
  onMessage: (request) => writeMessage(door, builderAnswer, answer(request)),
  onClose: () => process.exit(0),
});

function answer(request: BuilderRequest): BuilderAnswer {
  const { id } = request;
  try {
    return { kind: 'built', id, request: buildBinance(request) };
  } catch (error) {
    return { kind: 'failed', id, sentence: String(error).slice(0, 300).toWellFormed() };
  }
}
