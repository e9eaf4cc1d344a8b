import type { ColumnType, GeneratedAlways } from 'kysely';

/** The tables as Kysely sees them; one interface per table, in the order of the migrations. */
export interface Tables {
  readonly counterfoil_installation: InstallationTable;
  readonly counterfoil_migration: MigrationTable;
}

/** One row: which installation this database belongs to. */
export interface InstallationTable {
  readonly only_row: GeneratedAlways<boolean>;
  readonly id: GeneratedAlways<string>;
  readonly made_by: ColumnType<string, never, never>;
  readonly made_at: ColumnType<Date, never, never>;
}

/** One row per applied migration; written by `migrate` alone. */
export interface MigrationTable {
  readonly number: ColumnType<number, never, never>;
  readonly name: ColumnType<string, never, never>;
  readonly sha256: ColumnType<string, never, never>;
  readonly applied_by: ColumnType<string, never, never>;
  readonly applied_at: ColumnType<Date, never, never>;
}
