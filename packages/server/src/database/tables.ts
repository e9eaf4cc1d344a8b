import type { ColumnType, GeneratedAlways } from 'kysely';
import type { BotStatus } from '../ledger/append.ts';
import type { ExactJson } from '../ledger/exact-json.ts';

/** The tables as Kysely sees them; one interface per table, in the order of the migrations. */
export interface Tables {
  readonly counterfoil_installation: InstallationTable;
  readonly counterfoil_migration: MigrationTable;
  readonly connection: ConnectionTable;
  readonly bot_sequence: BotSequenceTable;
  readonly intent: IntentTable;
  readonly worker_epoch: WorkerEpochTable;
  readonly bot: BotTable;
  readonly bot_event: BotEventTable;
  readonly bot_command: BotCommandTable;
  readonly deal: DealTable;
  readonly fill: FillTable;
  readonly outbox: OutboxTable;
  readonly outbox_head: OutboxHeadTable;
  readonly workspace: WorkspaceTable;
  readonly account: AccountTable;
  readonly passkey: PasskeyTable;
  readonly session: SessionTable;
  readonly api_token: ApiTokenTable;
  readonly invitation: InvitationTable;
  readonly brake: BrakeTable;
  readonly activity: ActivityTable;
  readonly idempotency: IdempotencyTable;
  readonly job: JobTable;
  readonly job_part: JobPartTable;
  readonly notice: NoticeTable;
  readonly notice_cursor: OutboxHeadTable;
  readonly channel: ChannelTable;
  readonly delivery: DeliveryTable;
  readonly notice_key: NoticeKeyTable;
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
  readonly born: ColumnType<'vault-born' | 'sealed', 'vault-born' | 'sealed' | undefined, 'vault-born'>;
  readonly key_type: ColumnType<
    'ed25519' | 'rsa' | 'hmac',
    'ed25519' | 'rsa' | 'hmac' | undefined,
    'ed25519' | 'rsa'
  >;
  readonly public_key_pem: ColumnType<string | null, string | null | undefined, string>;
  readonly view_key_sealed: ColumnType<string | null, string | null | undefined, never>;
  readonly permissions: ColumnType<KeyPermissions | null, string | null | undefined, string | null>;
  readonly checked_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  readonly trouble: ColumnType<string | null, string | null | undefined, string | null>;
  readonly successor_key_type: ColumnType<'ed25519' | 'rsa' | null, never, 'ed25519' | 'rsa' | null>;
  readonly successor_public_key_pem: ColumnType<string | null, never, string | null>;
  readonly first_api_key_id: ColumnType<string | null, never, string>;
  readonly removed_at: ColumnType<Date | null, never, Date>;
}

/** What the venue says that a key may do. */
export interface KeyPermissions {
  readonly trade: boolean;
  readonly withdraw: boolean;
  readonly ipAllowList: boolean;
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
  readonly method: ColumnType<'create' | 'cancel', 'create' | 'cancel' | undefined, never>;
  readonly order_name: ColumnType<string | null, string | null | undefined, never>;
  readonly journalled_at: ColumnType<Date, never, never>;
  readonly settled_at: ColumnType<Date | null, never, Date | null>;
}

/** One row: the last epoch that a worker took. */
export interface WorkerEpochTable {
  readonly only_row: GeneratedAlways<boolean>;
  readonly epoch: bigint;
}

/** The ledger's append statement moves bots; what is written here is their birth. */
export interface BotTable {
  readonly owner: string;
  readonly id: string;
  readonly name: ColumnType<string, string, string>;
  readonly kind: ColumnType<'dca' | 'grid' | 'smart-trade', 'dca' | 'grid' | 'smart-trade', never>;
  readonly connection: string;
  readonly shard: number;
  readonly status: BotStatus;
  /** Exact JSON: read it as text. */
  readonly options: ColumnType<unknown, string, never>;
  readonly state: ColumnType<unknown, never, never>;
  readonly parked: ColumnType<unknown, never, never>;
  readonly seq: ColumnType<bigint, never, never>;
  readonly intent_seq: ColumnType<bigint, never, never>;
  readonly made_at: ColumnType<Date, never, never>;
  readonly changed_at: ColumnType<Date, never, never>;
}

/** What a bot was told, and why it did what it did. */
export interface BotEventTable {
  readonly owner: string;
  readonly bot: string;
  readonly seq: ColumnType<bigint, never, never>;
  readonly at: ColumnType<Date, never, never>;
  readonly event: ColumnType<unknown, never, never>;
  readonly notes: ColumnType<unknown, never, never>;
}

export interface BotCommandTable {
  readonly owner: string;
  readonly bot: string;
  readonly id: ColumnType<bigint, never, never>;
  readonly body: ColumnType<unknown, string, never>;
  readonly made_at: ColumnType<Date, never, never>;
  readonly done_at: ColumnType<Date | null, never, never>;
  readonly outcome: ColumnType<unknown, never, never>;
}

export interface DealTable {
  readonly owner: string;
  readonly bot: string;
  readonly number: number;
  readonly symbol: string;
  readonly started_at: ColumnType<Date, never, never>;
  readonly ended_at: ColumnType<Date | null, never, never>;
  readonly body: ColumnType<unknown, never, never>;
}

/** One execution of a connection. Amounts are `numeric`: read them as text. */
export interface FillTable {
  readonly owner: string;
  readonly connection: string;
  readonly symbol: string;
  readonly trade_id: string;
  readonly bot: string | null;
  readonly order_name: string | null;
  readonly intent_seq: bigint | null;
  readonly venue_order_id: string;
  readonly side: 'buy' | 'sell';
  readonly price: ColumnType<string, never, never>;
  readonly quantity: ColumnType<string, never, never>;
  readonly amount: ColumnType<string, never, never>;
  readonly fee: ColumnType<string, never, never>;
  readonly fee_asset: string;
  readonly maker: boolean;
  readonly at: ColumnType<Date, never, never>;
}

/** What a person may want to be told, numbered per owner without a gap. */
export interface OutboxTable {
  readonly owner: string;
  /** Number of the last entry that was committed with it: what the index knows. */
  readonly last: ColumnType<bigint, never, never>;
  readonly id: ColumnType<bigint, never, never>;
  readonly at: ColumnType<Date, never, never>;
  readonly kind: ColumnType<string, never, never>;
  readonly bot: ColumnType<string | null, never, never>;
  readonly body: ColumnType<unknown, never, never>;
}

/** Who owns everything: a workspace. */
export interface WorkspaceTable {
  readonly owner: string;
  readonly name: string;
  readonly made_at: ColumnType<Date, never, never>;
}

type Role = 'viewer' | 'trader' | 'owner';

/** One person in one workspace. */
export interface AccountTable {
  readonly owner: string;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly recovery_hash: Buffer;
  readonly recovering: ColumnType<boolean, boolean | undefined, boolean>;
  readonly made_at: ColumnType<Date, never, never>;
  readonly removed_at: ColumnType<Date | null, never, Date>;
}

export interface PasskeyTable {
  readonly owner: string;
  /** The credential's id in base64url. */
  readonly id: string;
  readonly account: string;
  readonly public_key: Buffer;
  readonly sign_count: bigint;
  readonly transports: string;
  readonly backed_up: boolean;
  readonly label: string;
  readonly made_at: ColumnType<Date, never, never>;
  readonly last_used_at: ColumnType<Date | null, never, Date>;
}

export interface SessionTable {
  readonly owner: string;
  readonly id: string;
  readonly account: string;
  readonly hash: Buffer;
  readonly agent: string;
  readonly address: string;
  readonly made_at: ColumnType<Date, never, never>;
  readonly last_seen_at: ColumnType<Date, never, Date>;
  readonly expires_at: Date;
}

/** The public half of a program's key. */
export interface ApiTokenTable {
  readonly owner: string;
  readonly id: string;
  readonly label: string;
  readonly role: 'viewer' | 'trader';
  readonly public_key_pem: string;
  readonly addresses: string;
  readonly made_by: string;
  readonly made_at: ColumnType<Date, never, never>;
  readonly expires_at: Date | null;
  readonly last_used_at: ColumnType<Date | null, never, Date>;
}

export interface InvitationTable {
  readonly owner: string;
  readonly hash: Buffer;
  readonly name: string;
  readonly role: 'viewer' | 'trader';
  readonly expires_at: Date;
}

/** Failed proofs of one account. */
export interface BrakeTable {
  readonly owner: string;
  readonly account: string;
  readonly failures: number;
  readonly until: Date;
}

/** What was done by whom. */
export interface ActivityTable {
  readonly owner: string;
  readonly id: ColumnType<bigint, never, never>;
  readonly at: ColumnType<Date, never, never>;
  readonly who_kind: 'person' | 'token' | 'bot' | 'vault' | 'server';
  readonly who_name: string;
  readonly what: string;
  readonly sentence: string;
  readonly said: ColumnType<unknown, string, never>;
  readonly address: string | null;
}

/** A write that must not happen twice, and its answer. */
export interface IdempotencyTable {
  readonly owner: string;
  readonly key: string;
  readonly request_hash: Buffer;
  readonly status: ColumnType<number | null, never, number>;
  readonly answer: ColumnType<string | null, never, string | null>;
  readonly made_at: ColumnType<Date, never, never>;
}

/** The number of an owner's newest outbox entry. */
export interface OutboxHeadTable {
  readonly owner: string;
  readonly last: bigint;
}

type Level = 'info' | 'check' | 'act';

/** What people should know. */
export interface NoticeTable {
  readonly owner: string;
  readonly id: ColumnType<bigint, never, never>;
  readonly at: ColumnType<Date, never, never>;
  readonly level: Level;
  readonly security: boolean;
  readonly subject: string;
  readonly body: string;
  readonly subject_said: ColumnType<unknown, string | null | undefined, never>;
  readonly body_said: ColumnType<unknown, string | null | undefined, never>;
  readonly bot: ColumnType<string | null, string | null | undefined, never>;
  readonly read_at: ColumnType<Date | null, never, Date>;
}

export interface ChannelTable {
  readonly owner: string;
  readonly id: string;
  readonly label: string;
  readonly url: string;
  readonly level: Level;
  readonly tested: ColumnType<boolean, never, boolean>;
  readonly trouble: ColumnType<string | null, never, string | null>;
  readonly made_at: ColumnType<Date, never, never>;
}

/** One notice on its way to one channel. */
export interface DeliveryTable {
  readonly owner: string;
  readonly id: ColumnType<bigint, never, never>;
  readonly channel: string;
  readonly level: Level;
  readonly subject: string;
  readonly payload: string;
  readonly state: ColumnType<
    'waiting' | 'delivered' | 'given-up',
    never,
    'waiting' | 'delivered' | 'given-up'
  >;
  readonly attempts: ColumnType<number, never, number>;
  readonly last_status: ColumnType<number | null, never, number | null>;
  readonly trouble: ColumnType<string | null, never, string | null>;
  readonly next_at: ColumnType<Date, never, Date>;
  readonly made_at: ColumnType<Date, never, never>;
  readonly delivered_at: ColumnType<Date | null, never, Date | null>;
}

/** One row: the key that signs deliveries. */
export interface NoticeKeyTable {
  readonly only_row: GeneratedAlways<boolean>;
  readonly private_key_pem: string;
}

/** Long work: a test of a plan over recorded candles. */
export interface JobTable {
  readonly owner: string;
  readonly id: string;
  readonly kind: 'backtest' | 'sweep';
  readonly title: string;
  readonly title_said: ColumnType<unknown, string, never>;
  readonly request: ColumnType<unknown, string, never>;
  readonly source: ColumnType<unknown, ExactJson, never>;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly step: string;
  readonly percent: ColumnType<number, number | undefined, number>;
  readonly seconds_left: number | null;
  readonly error: string | null;
  readonly result: ColumnType<unknown, string | null, string | null>;
  readonly outcomes: ColumnType<number, number | undefined, number>;
  readonly runner: string | null;
  readonly lease_until: Date | null;
  readonly made_at: Date;
  readonly ended_at: Date | null;
}

/** Outcomes of a sweep that were found together. */
export interface JobPartTable {
  readonly owner: string;
  readonly job: string;
  readonly first_index: bigint;
  readonly body: ColumnType<unknown, string, never>;
}
