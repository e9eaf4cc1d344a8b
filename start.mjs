// `npm start` on any Node from 20 on: runs the desk under the Node that this repository pins.
import { fileURLToPath } from 'node:url';
import { runPinned } from './tools/run.mjs';

runPinned(fileURLToPath(new URL('packages/desk/src/main.ts', import.meta.url)), process.argv.slice(2));
