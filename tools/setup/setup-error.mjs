// What can go wrong while dependencies are installed, each as one sentence: what happened, and what to do.

/**
 * A failure that was foreseen. `code` is one of `read-only`, `no-space`, `registry`, `npm-missing`, `npm-failed`,
 * `tampered`, `interrupted`, `broken-clone`; `message` is for the person at the terminal.
 */
export class SetupError extends Error {
  constructor(code, message, exitCode = 1) {
    super(message);
    this.name = 'SetupError';
    this.code = code;
    this.exitCode = exitCode;
  }
}

const unchanged = 'Nothing was started and nothing half-made was left behind.';

/** The folder cannot be written to. `path` is the place that refused, `cause` the system's code. */
export function readOnly(path, cause) {
  return new SetupError(
    'read-only',
    `the dependencies cannot be installed because ${path} cannot be written to by this user (${cause}). ${unchanged} ` +
      'Make the folder writable, or clone the repository into one that is, and run the command again.',
  );
}

/** There is too little room. `detail` says how much there is, or who complained. */
export function noSpace(path, detail) {
  return new SetupError(
    'no-space',
    `there is not enough disk space to install the dependencies in ${path} (${detail}). ${unchanged} ` +
      'Free some space and run the command again.',
  );
}

/** The package registry did not answer or refused. `detail` is npm's own line. */
export function registryUnreachable(registry, detail) {
  return new SetupError(
    'registry',
    `the package registry ${registry} cannot be reached (${detail}). ${unchanged} ` +
      'Check the network, proxy or `npm config get registry`, and run the command again.',
  );
}

/** A package is not the one that package-lock.json recorded. `detail` names it. */
export function tampered(detail) {
  return new SetupError(
    'tampered',
    `a package from the registry is not the one that this version of Counterfoil was tested with (${detail}). ` +
      `It was not installed. ${unchanged} Empty npm's cache (\`npm cache clean --force\`) and try again; if it stays ` +
      'like this, do not work around it: report it, because somebody may have changed the package.',
  );
}

/** Turns an error of the file system that nobody expected at its place into one of the sentences above. */
export function explain(error, root) {
  const path = error.path ?? root;
  if (['EROFS', 'EACCES', 'EPERM'].includes(error.code)) return readOnly(path, error.code);
  if (['ENOSPC', 'EDQUOT'].includes(error.code)) return noSpace(path, error.code);
  return new SetupError(
    'npm-failed',
    `the dependencies could not be installed (${error.message}). ${unchanged} ` +
      'If it happens again, report it with this line.',
  );
}
