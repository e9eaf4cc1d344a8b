/**
 * Stands on the first step of a folder's lock, as another process does that takes it in the same instant, says so, and
 * steps back when its input ends: `node _lock-step.ts FOLDER`.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, 'lock'));
database.exec('BEGIN');
database.prepare('SELECT name FROM sqlite_master').all();
process.stdout.write('standing\n');
process.stdin.resume();
process.stdin.once('end', () => database.close());
