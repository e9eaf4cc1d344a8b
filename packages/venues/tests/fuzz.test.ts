import { test } from 'node:test';
import { fuzzRest, fuzzWebSocket } from './_fuzz.ts';

test('3,000 random REST requests get documented answers and change no balance', () => fuzzRest(1, 3_000));

test('3,000 random WebSocket frames get documented answers and change no balance', () =>
  fuzzWebSocket(1, 3_000));
