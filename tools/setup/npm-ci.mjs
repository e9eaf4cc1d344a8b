// Runs `npm ci` and turns what can go wrong with it into sentences.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { SetupError, noSpace, readOnly, registryUnreachable, tampered } from './setup-error.mjs';

// Install scripts stay off: nothing here needs one, and they are how a poisoned package would run code at install.
const flags = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  // Two more tries within about five seconds ride out a hiccup; npm's own ten to sixty seconds look like a hang.
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=4000',
];

// 0.2 GB of archives at 128 kB/s take 27 minutes; whatever takes longer is stuck.
const longestMs = 30 * 60_000;

// npm names the cause in lines such as `npm error code ENOSPC`; 64 KiB hold every such line it prints.
const keptBytes = 65_536;

const offline = new RegExp(
  `\\b(${[
    'ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPROTO|ENOTCACHED',
    'ERR_SOCKET_TIMEOUT|FETCH_ERROR|E40[1347]|E429|E50\\d|UNABLE_TO_\\w+|SELF_SIGNED_\\w+|CERT_\\w+',
  ].join('|')})\\b`,
  'u',
);

/** Installs the manifests in `folder`. Resolves when npm ended well, rejects with a `SetupError` otherwise. */
export async function npmCi(folder) {
  const { code, signal, output } = await runNpm(folder);
  if (code === 0) return;
  if (signal !== null) {
    throw new SetupError(
      'interrupted',
      'the installation was interrupted. Nothing half-made was left behind; run the command again to install.',
      130,
    );
  }
  throw failureOf(folder, output);
}

function runNpm(folder) {
  const [program, ...first] = npmCommand();
  return new Promise((settle, reject) => {
    const child = spawn(program, [...first, ...flags], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: innerEnvironment(),
      timeout: longestMs,
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && first.length === 0,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-keptBytes);
      });
    }
    let stoppedBy = null;
    const stop = (signal) => {
      stoppedBy = signal;
      // Asked to stop, npm waits for its open requests to undo what it did; here all of it is thrown away anyway.
      child.kill('SIGKILL');
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, stop);
    const unlisten = () => signals.forEach((signal) => process.off(signal, stop));
    child.on('error', (error) => {
      unlisten();
      reject(
        new SetupError(
          'npm-missing',
          `npm cannot be started (${error.message}), so the dependencies cannot be installed. Nothing was changed. ` +
            'Install Node with npm from https://nodejs.org/ and run the command again.',
        ),
      );
    });
    child.on('close', (code, signal) => {
      unlisten();
      settle({ code: stoppedBy === null ? code : null, signal: stoppedBy ?? signal, output });
    });
  });
}

function npmCommand() {
  const given = process.env.npm_execpath;
  // yarn and pnpm set the same variable to themselves.
  if (given !== undefined && basename(given) === 'npm-cli.js') return [process.execPath, given];
  return ['npm'];
}

/** The caller's settings without those that only describe the `npm run` around us. */
function innerEnvironment() {
  const outer =
    /^npm_(package_|lifecycle_|config_(local_prefix|workspaces?|include_workspace_root|prefix|omit|dry_run)$)/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}

function failureOf(folder, output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/u, '').trim());
  const code = lines.find((line) => line.startsWith('code '))?.slice(5) ?? '';
  const detail =
    lines.find((line) => line !== '' && !/^(code|errno|syscall|path) /u.test(line)) ?? 'npm said nothing';
  if (/^(ENOSPC|EDQUOT)$/u.test(code)) return noSpace(folder, code);
  if (/^(EACCES|EPERM|EROFS)$/u.test(code)) {
    return readOnly(lines.find((line) => line.startsWith('path '))?.slice(5) ?? folder, code);
  }
  if (code === 'EINTEGRITY') return tampered(/https?:\/\/\S+?\.tgz/u.exec(output)?.[0] ?? detail);
  const reason = offline.exec(`${code} ${output}`)?.[1];
  if (reason !== undefined) return registryUnreachable(registryIn(output), reason);
  return new SetupError(
    'npm-failed',
    `npm could not install the dependencies (${detail.slice(0, 300)}). Nothing half-made was left behind. ` +
      'If package.json was edited, run `npm install`; otherwise clone the repository again.',
  );
}

function registryIn(output) {
  return /https?:\/\/[^/\s]+/u.exec(output)?.[0] ?? 'of npm';
}
