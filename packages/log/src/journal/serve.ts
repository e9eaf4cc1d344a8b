/** The journal's side of its protocol with the gate: one message per frame over any duplex stream. */
import type { Duplex } from 'node:stream';
import {
  type JournalAnswer,
  type JournalRefusal,
  type JournalRequest,
  journalAnswer,
  journalRequest,
} from '@counterfoil/vocabulary/protocol';
import { readMessages, writeMessage } from '@counterfoil/wire';
import { parseCheckpoint } from '../library/checkpoint.ts';
import { parseNote } from '../library/note.ts';
import { JournalError, type JournalErrorCode } from './error.ts';
import type { Journal } from './journal.ts';

/** Two rounds of the witnesses, each two questions of at most 5 s, and some time to spare. */
const WITNESSED_MS_MAX = 30_000;

/** A checkpoint of at least `size` leaves with the quorum's cosignatures; rejects when `signal` aborts before. */
export type Witnessed = (size: number, signal: AbortSignal) => Promise<Uint8Array>;

/** Serves one peer until its stream closes; resolves then. A message that is not a request closes the stream. */
export function serveJournal(stream: Duplex, journal: Journal, witnessed: Witnessed): Promise<void> {
  return new Promise((resolve) => {
    readMessages(stream, journalRequest, {
      onMessage: (request) => {
        const send = (message: JournalAnswer): void => {
          if (!stream.destroyed) writeMessage(stream, journalAnswer, message);
        };
        if (request.kind !== 'append' && request.kind !== 'witnessed')
          return send(answerAtOnce(journal, request));
        const { id } = request;
        if (request.kind === 'witnessed')
          return void witnessedHead(journal, witnessed, id, request.knownSize).then(send);
        journal.append(request.leaves, request.knownSize).then(
          (receipt) => send({ kind: 'receipt', id, ...receipt }),
          (error: unknown) => send(refusal(id, error)),
        );
      },
      onClose: () => resolve(),
    });
  });
}

async function witnessedHead(
  journal: Journal,
  witnessed: Witnessed,
  id: number,
  knownSize: number,
): Promise<JournalAnswer> {
  try {
    journal.head(knownSize);
  } catch (error) {
    return refusal(id, error);
  }
  const checkpoint = await witnessed(knownSize, AbortSignal.timeout(WITNESSED_MS_MAX)).catch(() => null);
  if (checkpoint === null) {
    const sentence = 'the witnesses did not reach their quorum in time; nothing may act on it yet';
    return { kind: 'refused', id, code: 'unwitnessed', sentence };
  }
  const { size } = parseCheckpoint(parseNote(checkpoint).text);
  return { kind: 'head', id, size, consistency: journal.consistency(knownSize, size), checkpoint };
}

type AnsweredAtOnce = Exclude<JournalRequest, { kind: 'append' | 'witnessed' }>;

function answerAtOnce(journal: Journal, request: AnsweredAtOnce): JournalAnswer {
  const { id } = request;
  try {
    switch (request.kind) {
      case 'read':
        return { kind: 'entries', id, entries: journal.read(request.from, request.count) };
      case 'prove':
        return { kind: 'proof', id, ...journal.prove(request.index, request.knownSize) };
      case 'head': {
        const { size, consistency, checkpoint } = journal.head(request.knownSize);
        return { kind: 'head', id, size, consistency, checkpoint };
      }
    }
  } catch (error) {
    return refusal(id, error);
  }
}

function refusal(id: number, error: unknown): JournalAnswer {
  if (!(error instanceof JournalError)) throw error;
  const { code } = error;
  if (!isRefusal(code)) throw error;
  return { kind: 'refused', id, code, sentence: error.message };
}

/** Everything but the reasons for not starting, which cannot arise here. */
function isRefusal(code: JournalErrorCode): code is JournalRefusal {
  const refusals: readonly string[] = [
    'stopped',
    'diskLow',
    'overloaded',
    'beyondTree',
    'badForm',
  ] satisfies Exclude<JournalRefusal, 'unwitnessed'>[];
  return refusals.includes(code);
}
