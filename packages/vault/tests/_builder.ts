/** The built builder, asked directly: this process holds the other end of its one descriptor. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import {
  type BuilderAnswer,
  type BuilderRequest,
  builderAnswer,
  builderRequest,
} from '@counterfoil/vocabulary/protocol';
import { Caller } from '@counterfoil/wire';
import { builderFile, endAfter } from './_programs.ts';

export type Builder = Caller<BuilderRequest, BuilderAnswer>;

export async function askableBuilder(t: TestContext): Promise<Builder> {
  const child = spawn(process.execPath, [await builderFile()], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  endAfter(t, child);
  // A pipe beyond the first three is a socket.
  return new Caller(child.stdio[3] as Socket, builderRequest, builderAnswer);
}
