import { test } from 'node:test';
import { fuzzRest, fuzzWebSocket } from './_fuzz.ts';

test('120,000 random REST requests get documented answers and change no balance', () =>
  fuzzRest(100, 120_000));

test('80,000 random WebSocket frames get documented answers and change no balance', () =>
  fuzzWebSocket(100, 80_000));
