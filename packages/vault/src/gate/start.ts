/**
 * Becomes the gate: sets what only a process can set that the gate's program replaces, then lets it replace this one.
 * No core dump, for good; and no io_uring, because Node makes its ring before any line of the gate runs. The command
 * line is the gate's own, from Node's flags on.
 */
import { ringFilter } from './call-filter.ts';
import { native } from './native.ts';
import { architectures } from './system-calls.ts';

/** The gate's door and its store. */
const HANDED_ON = [3, 4];

const architecture = process.platform === 'linux' ? architectures[process.arch] : undefined;
const filter = ringFilter(process.arch);
if (architecture !== undefined && filter !== null) {
  const kernel = native(architecture.column);
  // What fails here is found by the gate: it refuses a core limit, and says its lower level.
  kernel.noCore();
  kernel.filter(filter);
  HANDED_ON.forEach((descriptor) => kernel.keepOpen(descriptor));
}
if (process.execve === undefined) throw new Error('this Node cannot replace a process');
process.execve(process.execPath, [process.execPath, ...process.argv.slice(2)], {});
