/**
 * The builder: turns an intent into the request that a venue understands, and a venue's answer into plain terms.
 * It has one descriptor, no secret and no network; it may die at any time, and what it says is checked by the gate.
 */
import { Socket } from 'node:net';
import { readMessages, writeMessage } from '@counterfoil/wire';
import {
  type BuilderAnswer,
  type BuilderRequest,
  builderAnswer,
  builderRequest,
} from '@counterfoil/vocabulary/protocol';
import { build, parseError, parseOrder, parsePermissions } from './binance-form.ts';

const door = new Socket({ fd: 3, readable: true, writable: true });

readMessages(door, builderRequest, {
  onMessage: (request) => writeMessage(door, builderAnswer, answer(request)),
  onClose: () => process.exit(0),
});

function answer(request: BuilderRequest): BuilderAnswer {
  const { id } = request;
  try {
    if (request.kind === 'build') return { kind: 'built', id, request: build(request) };
    return read(request);
  } catch (error) {
    return { kind: 'failed', id, sentence: String(error).slice(0, 300).toWellFormed() };
  }
}

function read({ id, method, status, body }: Extract<BuilderRequest, { kind: 'parse' }>): BuilderAnswer {
  const text = Buffer.from(body).toString('utf8');
  if (status !== 200) return { kind: 'venueError', id, ...parseError(status, text) };
  if (method !== 'permissions') return { kind: 'order', id, report: parseOrder(text) };
  const { trade, withdraw, ipAllowList } = parsePermissions(text);
  const word = (flag: boolean): 'yes' | 'no' => (flag ? 'yes' : 'no');
  return {
    kind: 'permissions',
    id,
    trade: word(trade),
    withdraw: word(withdraw),
    ipAllowList: word(ipAllowList),
  };
}
