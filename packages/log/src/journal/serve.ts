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
import { JournalError, type JournalErrorCode } from './error.ts';
import type { Journal } from './journal.ts';

/** Serves one peer until its stream closes; resolves then. A message that is not a request closes the stream. */
export function serveJournal(stream: Duplex, journal: Journal): Promise<void> {
  return new Promise((resolve) => {
    readMessages(stream, journalRequest, {
      onMessage: (request) => {
        const send = (message: JournalAnswer): void => {
          if (!stream.destroyed) writeMessage(stream, journalAnswer, message);
        };
        if (request.kind !== 'append') return send(answerAtOnce(journal, request));
        const { id } = request;
        journal.append(request.leaves, request.knownSize).then(
          (receipt) => send({ kind: 'receipt', id, ...receipt }),
          (error: unknown) => send(refusal(id, error)),
        );
      },
      onClose: () => resolve(),
    });
  });
}

function answerAtOnce(journal: Journal, request: Exclude<JournalRequest, { kind: 'append' }>): JournalAnswer {
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
  ] satisfies JournalRefusal[];
  return refusals.includes(code);
}
