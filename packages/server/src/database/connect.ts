import { Client } from 'pg';
import { StartError } from '../start-error.ts';
import { systemCode } from './folder-errors.ts';

const connectMsMax = 10_000;
// The oldest version that the tests run against.
const majorMin = 15;

/**
 * Opens one connection outside any pool. A server that cannot be reached or refuses is a `StartError` that
 * names it without user and password. The caller ends the connection.
 */
export async function connect(url: string): Promise<Client> {
  const where = describe(url);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectMsMax });
  // A connection that breaks between two queries is reported here and would otherwise end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (cause) {
    await client.end().catch(() => {});
    throw explainConnection(cause, where);
  }
}

/** Connects once, as everybody later will, and returns the server's version: `18.4`. */
export async function checkServer(url: string): Promise<string> {
  const client = await connect(url);
  try {
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    const version = rows[0]?.version.split(' ')[0] ?? '0';
    if (Number.parseInt(version, 10) < majorMin) throw tooOld(describe(url), version);
    return version;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Host, port and database of a URL, without user and password, for sentences. */
function describe(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalidUrl();
  }
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') throw invalidUrl();
  const host = parsed.searchParams.get('host') ?? parsed.hostname;
  return `${host}${parsed.port === '' ? '' : `:${parsed.port}`}${parsed.pathname}`;
}

function explainConnection(cause: unknown, where: string): StartError {
  // A five-character code is PostgreSQL's own SQLSTATE: it answered, and refused.
  if (/^[0-9A-Z]{5}$/.test(systemCode(cause)) && !isStarting(cause)) {
    return new StartError(
      'database-refused',
      [
        `The database server ${where} answered and refused the connection (${systemCode(cause)}:`,
        `${messageOf(cause)}).`,
        'Nothing was started and no order was sent.',
        'Correct the user, password or database in DATABASE_URL.',
      ],
      { cause },
    );
  }
  return new StartError(
    'database-unreachable',
    [
      `The database server ${where} cannot be reached (${systemCode(cause) || messageOf(cause)}).`,
      'Nothing was started and no order was sent.',
      'Start that server or correct DATABASE_URL, then start again; without DATABASE_URL Counterfoil runs',
      'its own database.',
    ],
    { cause },
  );
}

// 57P03 cannot_connect_now: starting up, shutting down or recovering.
function isStarting(cause: unknown): boolean {
  return systemCode(cause) === '57P03';
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown cause';
}

// The value is not repeated: it may hold a password.
function invalidUrl(): StartError {
  return new StartError('database-url-invalid', [
    'DATABASE_URL is not of the form postgresql://user:password@host:5432/database.',
    'Nothing was started and no order was sent.',
    'Correct it, or unset it to use the database that Counterfoil brings along.',
  ]);
}

function tooOld(where: string, version: string): StartError {
  return new StartError('database-too-old', [
    `The database server ${where} runs PostgreSQL ${version}; Counterfoil needs ${majorMin} or later.`,
    'Nothing was started and nothing was changed.',
    'Upgrade that server or name another one.',
  ]);
}
