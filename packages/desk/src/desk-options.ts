import type { IsolationLevel } from '@counterfoil/vocabulary/gate-flags';
import type { HostPort } from '@counterfoil/wire';
import type { DataFolder } from './data-folder.ts';
import type { Status } from './program.ts';
import type { Recording } from './recording.ts';
import type { StoreKey } from './store-key.ts';

/** What an installation is started with. */
export interface DeskOptions {
  readonly folder: DataFolder;
  readonly port: number;
  readonly databaseUrl: string | undefined;
  /** What opens the vault's store. */
  readonly storeKey: StoreKey;
  /** Addresses inside this machine or network that webhooks may reach; none unless told. */
  readonly webhookAddresses: readonly string[];
  /** Processes that run bots. */
  readonly workers: number;
  /** Where workers on other machines come in; nowhere unless told. */
  readonly workerDoor?: HostPort | undefined;
  /** Recordings that the paper exchange plays, one after another, instead of a synthetic market. */
  readonly recording: Recording | null;
  /** Public streams that the markets of a new installation follow where they can be reached; none unless told. */
  readonly live?: string | undefined;
  /** A vault that is less closed is not unlocked. */
  readonly isolation: IsolationLevel;
  /** Whether a new installation gets its first bots. */
  readonly presets: boolean;
  /** The built vault programs. */
  readonly gateFile: string;
  readonly builderFile: string;
  /** Folder of the built dashboard. */
  readonly pages: string;
  readonly log: (line: string) => void;
  /** The recording is over: prices stand still from now on. */
  readonly onRecordingEnded?: (sentence: string) => void;
  /** Live prices are missing, or there again: the markets close and open with them. */
  readonly onLiveChanged?: (sentence: string) => void;
  /** What the gate says besides its identity and that it is ready: points of a build for crash tests. */
  readonly onGateStatus?: (status: Status) => void;
}
