import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One numbered step of the schema. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Where the product's own migrations lie. */
export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** Reads `0001_name.sql`, `0002_name.sql`, … in order. A gap, a double number or a stray file is a broken checkout. */
export function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((file, index) => {
      const [, number, name] = /^(\d{4})_([a-z0-9-]+)\.sql$/.exec(file) ?? [];
      if (number === undefined || name === undefined || Number(number) !== index + 1) {
        const expected = `${String(index + 1).padStart(4, '0')}_name.sql`;
        throw new Error(`${join(folder, file)} breaks the row of migrations: expected ${expected}`);
      }
      // Git may check text out with other line ends; that is not a change of the migration.
      const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      return { number: index + 1, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
}
