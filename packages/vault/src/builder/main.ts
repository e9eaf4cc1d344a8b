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
import { buildKraken } from './kraken-form.ts';

const door = new Socket({ fd: 3, readable: true, writable: true });

readMessages(door, builderRequest, {
  onMessage: (request) => writeMessage(door, builderAnswer, answer(request)),
  onClose: () => process.exit(0),
});

const forms: Readonly<Record<string, typeof buildBinance>> = {
  paper: buildBinance,
  binance: buildBinance,
  kraken: buildKraken,
};

function answer(request: BuilderRequest): BuilderAnswer {
  const { id } = request;
  try {
    const build = Object.hasOwn(forms, request.venue) ? forms[request.venue] : undefined;
    if (build === undefined) return { kind: 'failed', id, sentence: `no form for ${request.venue}` };
    return { kind: 'built', id, request: build(request) };
  } catch (error) {
    return { kind: 'failed', id, sentence: String(error).slice(0, 300).toWellFormed() };
  }
}
