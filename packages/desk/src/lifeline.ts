/**
 * Preloaded into programs that do not read their standard input: it is a line to the desk, and when it breaks the
 * program stops.
 */
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
// The line is no reason to keep running.
process.stdin.unref();
