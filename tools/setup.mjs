// Prepares a clone for `npm start`, `npm test` and the rest: installs the dependencies once, then does nothing.
// Syntax and imports of this one file stay within Node 12.20, so that an old Node gets a sentence, not a stack trace.
// The oldest Node that `start.mjs` and npm 11 support at all.
const oldestMajor = 20;

const major = Number(process.versions.node.split('.')[0]);
if (major < oldestMajor) {
  console.error(
    'counterfoil: this is Node ' +
      process.versions.node +
      ', and Counterfoil needs Node ' +
      oldestMajor +
      ' or newer to install itself (it then brings its own). Nothing was started or changed. ' +
      'Install a current Node from https://nodejs.org/ and run the command again.',
  );
  process.exit(1);
}

import('./setup/main.mjs').then(
  (setup) => setup.main(),
  (error) => {
    console.error(
      'counterfoil: the set-up program is damaged (' + error.message + '). Clone the repository again.',
    );
    process.exit(1);
  },
);
