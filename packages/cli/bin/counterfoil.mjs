#!/usr/bin/env node
// The `counterfoil` command on any Node from 20 on: runs the real one under the Node that this repository pins.
import { fileURLToPath } from 'node:url';
import { runPinned } from '../../../tools/run.mjs';

runPinned(fileURLToPath(new URL('../src/main.ts', import.meta.url)), process.argv.slice(2));
