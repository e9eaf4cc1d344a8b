/** What passes the door besides bytes: where a stream goes, and how a vault is unlocked. */
import {
  type Decoded,
  boolean,
  bytes,
  integer,
  list,
  nullable,
  oneOf,
  packed,
  text,
  variants,
} from '../codec.ts';
import { venueId } from '../ids.ts';

const host = text(253, /^[a-z0-9.-]+$/, 1);
const port = integer(1, 65_535);
/** SHA-256 of a public key (SPKI), as enrolled. */
const pin = text(64, /^[0-9a-f]{64}$/, 64);

/** The first frame of a stream: what its opener wants to reach. */
export const streamTarget = variants({
  journal: [1, packed({})],
  builder: [2, packed({})],
  /** Raw bytes to a venue; the switch refuses what is not on its list. */
  venue: [3, packed({ host: [0, host], port: [1, port] })],
  /** From the switch: somebody who wants to speak to the gate. */
  worker: [4, packed({})],
});
export type StreamTarget = Decoded<typeof streamTarget>;

/** The first frame of a local process that attaches to the switch: what it will be to the gate. */
export const attachment = oneOf('journal', 'builder', 'worker');
export type Attachment = Decoded<typeof attachment>;

/** A venue that this gate may use, with what its manifest leaves to the installation. */
const venueSetup = packed({
  venue: [0, venueId.codec],
  host: [1, host],
  port: [2, port],
  /** For the paper exchange alone: the certificate authority that its loopback manifest trusts. Empty for others. */
  caPem: [3, text(8_192)],
});

/** Read once from standard input, which is closed then. Holds the key-encryption key: never logged, never kept. */
export const unlock = packed({
  vaultId: [0, text(16, /^[0-9a-f]{16}$/, 16)],
  kek: [1, bytes(32)],
  /** Whether the store may be made: false for one that existed, so that a lost store is not taken for a new one. */
  genesis: [2, boolean],
  journalPin: [3, pin],
  workerPins: [4, list(pin, 64)],
  /** The log's key (C2SP vkey text); the store pins it at genesis, and another one is refused ever after. */
  logKey: [6, text(300, /^[!-~]+$/, 20)],
  venues: [5, list(venueSetup, 16)],
  /** Who must cosign the log: a C2SP tlog-policy without its log line. Absent where nobody is asked. */
  witnesses: [7, nullable(text(32_768))],
  /** Where owners' browsers stand: passkeys sign for this origin alone. Absent for the usual one. */
  origin: [8, nullable(text(200, /^https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/, 8))],
  /** Names the time that the store was put back from a copy; a store that has not heard of it starts frozen. */
  restored: [9, nullable(bytes(16))],
});
export type Unlock = Decoded<typeof unlock>;
