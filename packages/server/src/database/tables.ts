import type { ColumnType, GeneratedAlways } from 'kysely';

/** The tables as Kysely sees them; one interface per table, in the order of the migrations. */
export interface Tables {
  readonly counterfoil_installation: InstallationTable;
  readonly counterfoil_migration: MigrationTable;
  readonly connection: ConnectionTable;
  readonly bot_sequence: BotSequenceTable;
  readonly intent: IntentTable;
  readonly worker_epoch: WorkerEpochTable;
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

/** One row per sealed API key of one user at one venue. */
export interface ConnectionTable {
  readonly owner: string;
  readonly id: string;
  readonly venue: string;
  readonly label: string;
  readonly api_key_id: string | null;
  readonly made_at: ColumnType<Date, never, never>;
}

/** The highest sequence given out to a bot. */
export interface BotSequenceTable {
  readonly owner: string;
  readonly bot: string;
  readonly last: bigint;
}

export type IntentState = 'journalled' | 'accepted' | 'rejected' | 'notPlaced' | 'refused' | 'unknown';

/** What was asked of the vault, journalled before it left. */
export interface IntentTable {
  readonly owner: string;
  readonly bot: string;
  readonly seq: bigint;
  readonly connection: string;
  readonly body: ColumnType<unknown, string, never>;
  readonly state: IntentState;
  readonly client_order_id: string | null;
  readonly outcome: ColumnType<unknown, string | null, string | null>;
  readonly receipt: string | null;
  readonly journalled_at: ColumnType<Date, never, never>;
  readonly settled_at: ColumnType<Date | null, never, Date | null>;
}

/** One row: the last epoch that a worker took. */
export interface WorkerEpochTable {
  readonly only_row: GeneratedAlways<boolean>;
  readonly epoch: bigint;
}
