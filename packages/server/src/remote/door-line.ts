/** A line through the door of another machine's vault: TLS with the door's own key, one word, one answer. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { decodeCbor, encodeCbor, toCbor } from '@counterfoil/vocabulary';
import {
  type RemoteAnswer,
  type RemoteLine,
  remoteAnswer,
  remoteLine,
} from '@counterfoil/vocabulary/protocol';
import { WireError, readFirstFrame, secureClient, writeFrame } from '@counterfoil/wire';
import { StartError } from '../start-error.ts';
import type { RemoteWorker } from './credentials.ts';

/** A packet is sent again after 1, 3 and 7 s; a door that has not answered by then is not there. */
const CONNECT_MS_MAX = 10_000;
/** The door answers when it has reached the switch beside it. */
const ANSWER_MS_MAX = 5_000;
/** `remoteAnswer` in CBOR is under 16 bytes. */
const ANSWER_BYTES_MAX = 64;

/** Throws `StartError` with what stands in the way. */
export async function openLine(worker: RemoteWorker, line: RemoteLine): Promise<Duplex> {
  const { host, port } = worker.door;
  const where = `${host}:${port}`;
  const socket = connect({ host, port, noDelay: true, keepAlive: true, timeout: CONNECT_MS_MAX });
  socket.on('error', () => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: Error): void => reject(unreachable(where, cause));
      socket.once('error', fail);
      socket.once('timeout', () => fail(new Error('no answer')));
      socket.once('connect', () => resolve());
    });
    socket.setTimeout(0);
    const secured = await secureClient(socket, worker.identity, new Set([worker.doorPin])).catch(
      (cause: unknown) => {
        throw isOther(cause) ? otherDoor(where) : unreachable(where, cause as Error);
      },
    );
    secured.on('error', () => secured.destroy());
    writeFrame(secured, encodeCbor(toCbor(remoteLine, line)));
    if ((await answerOn(secured, where)) === 'joined') return secured;
    throw new StartError('worker-door-away', [
      `The door ${where} knows this worker, and the ${line === 'worker' ? 'vault' : 'paper exchange'} behind it is`,
      'not there now. Nothing was started and no order was sent. Look at the machine where the vault runs.',
    ]);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

export function isOther(error: unknown): boolean {
  return error instanceof WireError && error.code === 'peer-not-enrolled';
}

async function answerOn(secured: Duplex, where: string): Promise<RemoteAnswer> {
  try {
    const frame = await readFirstFrame(secured, ANSWER_BYTES_MAX, ANSWER_MS_MAX);
    return remoteAnswer.decode(decodeCbor(frame), 'answer');
  } catch (cause) {
    throw new StartError(
      'worker-not-admitted',
      [
        `The door ${where} closed the line without a word: it does not know this worker's key, or hears it too often.`,
        'Nothing was started and no order was sent. A key that was made while Counterfoil ran counts from its next',
        '`npm start` on; `npx counterfoil workers` there lists the keys, and one that was removed needs a new file.',
      ],
      { cause },
    );
  }
}

function unreachable(where: string, cause: Error): StartError {
  const why = (cause as NodeJS.ErrnoException).code ?? cause.message;
  return new StartError(
    'worker-door-unreachable',
    [
      `The door ${where} cannot be reached (${why}). Nothing was started and no order was sent.`,
      'Start the vault there with `npm start -- --worker-door HOST:PORT`, let this machine through its firewall, or make',
      'a credentials file with the address that this machine sees.',
    ],
    { cause },
  );
}

function otherDoor(where: string): StartError {
  return new StartError('worker-door-other', [
    `Who answers at ${where} is not the door that this worker's credentials name. Nothing was said to it, nothing was`,
    'started and no order was sent. If the vault has moved or was made anew, make a new file with',
    '`npx counterfoil workers add`; if not, somebody stands between the two machines.',
  ]);
}
