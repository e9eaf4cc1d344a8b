export { type PresetOptions, startPresets } from './runner/presets.ts';
export { BotService } from './runner/service.ts';
export { putClusterBack, stoppedCluster } from './database/cluster-copy.ts';
export { migrate } from './database/migrate.ts';
export { openDatabase, type Database } from './database/open.ts';
export type { DatabaseExit } from './database/postmaster.ts';
export { startDatabase, type DatabaseOptions, type RunningDatabase } from './database/start.ts';
export type { Tables } from './database/tables.ts';
export { StartError, type StartErrorCode } from './start-error.ts';
