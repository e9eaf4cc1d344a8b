// Is there room before 0.5 GB of packages are fetched? A disk that fills up half-way is a slow way to find out.
import { statfsSync } from 'node:fs';
import { noSpace } from './setup-error.mjs';

// 0.5 GB of files, up to 0.2 GB of archives in npm's cache, and the difference for file-system overhead.
const neededBytes = 900e6;

/** Throws `no-space` when the file system of `root` has less room than an installation takes. */
export function assertSpace(root) {
  const { bavail, bsize } = statfsSync(root);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw noSpace(root, `${megabytes(freeBytes)} free, ${megabytes(neededBytes)} needed`);
}

function megabytes(bytes) {
  return `${Math.floor(bytes / 1e6)} MB`;
}
