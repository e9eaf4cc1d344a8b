/** What the gate's exit codes mean, for the person at the terminal. The numbers are the gate's own (`gate/exit.ts`). */
const sentences: Readonly<Record<number, string>> = {
  10: 'The vault was not given a whole unlock message. No key was used. Start again.',
  11: 'The vault store is damaged or was altered. No key was used. Restore the data folder from a backup.',
  12: 'The vault store is empty although this installation had one. No key was used. Restore the data folder from a backup.',
  13: 'The vault store does not open with its key. No key was used. Give the passphrase, or restore the key, that belongs to it.',
  14: 'The log has another key than this vault knows. No key was used. Restore the log folder that belongs to this vault.',
  15: 'The log is shorter than this vault has seen it: it was rolled back. No key was used. Restore the newest log folder.',
  16: 'The log does not hold what its signed checkpoints say. No key was used. Keep the folder for examination and restore a backup.',
  17: 'The vault lost its log and stopped. Orders under way are unknown until it is back; they are looked up, never sent again.',
  18: 'The vault lost its switch and stopped. Orders under way are unknown until it is back; they are looked up, never sent again.',
  19: 'The vault was started in an environment it does not trust. No key was used. Start it with `npm start` alone.',
  20: 'The vault stopped on a fault of its own. Orders under way are unknown until it is back; they are looked up, never sent again.',
  21: 'The vault could not hide its memory from other programs of this user, which this system should allow. No key was used. Look for a policy that forbids prctl.',
  22: 'The vault store may be read by other users of this machine. No key was used. Take their rights away: chmod 600 on the files in the data folder’s vault folder.',
};

/** Codes after which starting again cannot help. */
const FINAL = new Set([10, 11, 12, 13, 14, 15, 16, 19, 21, 22]);

/** The vault has ended; the message says what that means for money and what to do. */
export class VaultEnded extends Error {
  override readonly name = 'VaultEnded';
  /** Whether starting it again cannot help. */
  readonly final: boolean;

  constructor(exitCode: number | null) {
    super(
      sentences[exitCode ?? -1] ?? 'The vault was stopped. Orders under way are unknown until it is back.',
    );
    this.final = exitCode !== null && FINAL.has(exitCode);
  }
}
