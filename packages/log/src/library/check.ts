/** What a verifier shows: every check with what it expected, what it found, and where that came from. */
import { LogError } from './error.ts';

export interface Check {
  /** Stable, such as `tags-unique`; forged bundles are told by the first name that fails. */
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** The file or field that was read. */
  readonly source: string;
}

export interface Report {
  /** Whether every check passed. */
  readonly passed: boolean;
  readonly checks: readonly Check[];
}

export class Checks {
  readonly #checks: Check[] = [];

  add(check: Check): void {
    this.#checks.push(check);
  }

  /** Runs `what`; a `LogError` fails the check, anything else is a defect and goes on. `found` describes a success. */
  attempt<T>(
    name: string,
    expected: string,
    source: string,
    what: () => T,
    found: (value: T) => string,
  ): T | undefined {
    try {
      const value = what();
      this.add({ name, passed: true, expected, found: found(value), source });
      return value;
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      this.add({ name, passed: false, expected, found: `${error.message} (${error.code})`, source });
      return undefined;
    }
  }

  /** One check for a list of faults: passed where it is empty, else it shows the first few. */
  faults(name: string, expected: string, source: string, faults: readonly string[]): void {
    const shown = faults.slice(0, 3).join('; ');
    const more = faults.length > 3 ? `; and ${faults.length - 3} more` : '';
    this.add({
      name,
      passed: faults.length === 0,
      expected,
      found: faults.length === 0 ? 'so' : shown + more,
      source,
    });
  }

  report(): Report {
    return { passed: this.#checks.every((check) => check.passed), checks: this.#checks };
  }
}
