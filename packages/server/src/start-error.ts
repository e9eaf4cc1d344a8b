/**
 * Every way in which a start can fail for a reason outside the program. The union is closed: the desk, the
 * documentation and the tests name the same codes.
 */
export type StartErrorCode =
  | 'already-running'
  | 'backup-refused'
  | 'data-folder-foreign'
  | 'data-folder-newer'
  | 'data-folder-older'
  | 'data-folder-read-only'
  | 'data-folder-unreachable'
  | 'data-folder-unusable'
  | 'database-missing'
  | 'database-older'
  | 'database-other'
  | 'database-refused'
  | 'database-too-old'
  | 'database-unreachable'
  | 'database-url-invalid'
  | 'migration-changed'
  | 'migration-failed'
  | 'migration-locked'
  | 'newer-version'
  | 'no-space'
  | 'no-unprivileged-user'
  | 'port-taken'
  | 'postgres-start-failed'
  | 'store-key-unavailable'
  | 'unsupported-platform'
  | 'worker-credentials'
  | 'worker-door-away'
  | 'worker-door-needs-database'
  | 'worker-door-never'
  | 'worker-door-other'
  | 'worker-door-unreachable'
  | 'worker-limit'
  | 'worker-name'
  | 'worker-not-admitted'
  | 'worker-vault-other';

/**
 * A start that was refused. `sentence` is for the operator: what happened, what it means for money, what to
 * do. It never contains a password, also where the cause does.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;
  readonly sentence: string;

  /** The sentence whole, or in parts that are joined by spaces. */
  constructor(
    code: StartErrorCode,
    sentence: string | readonly string[],
    options?: { readonly cause?: unknown },
  ) {
    const whole = typeof sentence === 'string' ? sentence : sentence.join(' ');
    super(`${code}: ${whole}`, options);
    this.code = code;
    this.sentence = whole;
  }
}
