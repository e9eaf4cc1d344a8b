// The reporter that runs inside each test file's process and tells the runner what happened, over descriptor 3.
// Node's own multi-file runner is not used because a file that calls `process.exit(0)` half-way counts as passed
// there, and one that hangs is reported as nothing at all and left running.
import { writeSync } from 'node:fs';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { eventDescriptor, type FileEvent } from './file-events.ts';

type Result = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

/** Node loads a reporter by its default export. */
// oxlint-disable-next-line import/no-default-export -- node:test asks for it
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    const told = eventOf(event);
    if (told !== undefined) writeSync(eventDescriptor, `${JSON.stringify(told)}\n`);
    if (event.type === 'test:diagnostic' && event.data.nesting > 0) yield `  ${event.data.message}\n`;
  }
}

function eventOf(event: TestEvent): FileEvent | undefined {
  if (event.type === 'test:summary') return { kind: 'end', tests: event.data.counts.tests };
  if (event.type === 'test:pass' || event.type === 'test:fail') return resultOf(event);
  return undefined;
}

function resultOf(event: Result): FileEvent | undefined {
  const { name, line, column } = event.data;
  const fail = (error: string): FileEvent => ({ kind: 'fail', name, at: `${line}:${column}`, error });
  if (event.data.todo !== undefined) return fail('`todo` hides a missing test: write it, or remove it.');
  if ('expectFailure' in event.data)
    return fail('`expectFailure` hides a failing test: assert what happens today.');
  if (event.data.skip !== undefined) {
    return { kind: 'skip', name, reason: typeof event.data.skip === 'string' ? event.data.skip : '' };
  }
  if (event.type === 'test:fail') {
    // A suite or parent that fails only because of its children adds nothing to their own failures.
    if (event.data.details.error.cause === 'subtestsFailed' || failureType(event) === 'subtestsFailed') {
      return event.data.details.type === 'suite' ? undefined : fail('One of its subtests failed.');
    }
    return fail(inspect(event.data.details.error.cause ?? event.data.details.error));
  }
  return event.data.details.type === 'suite' ? undefined : { kind: 'pass', name };
}

function failureType(event: Extract<TestEvent, { type: 'test:fail' }>): string | undefined {
  const { error } = event.data.details;
  return 'failureType' in error && typeof error.failureType === 'string' ? error.failureType : undefined;
}
