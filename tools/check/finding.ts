/** Something a gate of our own objects to. */
export type Finding = {
  readonly path: string;
  /** Counted from 1; 0 where the whole file is meant. */
  readonly line: number;
  /** The rule's name, as in the gate's list of rules. */
  readonly rule: string;
  readonly message: string;
};

/** One line per finding, in the form that editors and terminals turn into a link. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings.map(({ path, line, rule, message }) => `${path}:${line}: ${message} [${rule}]\n`).join('');
}
