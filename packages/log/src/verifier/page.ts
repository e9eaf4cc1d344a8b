/**
 * The script of the offline verifier: one HTML file that works from disk, without a network. It reads a bundle that
 * is inside the page, or one that the reader picks, and shows every check.
 */
import { browserPrimitives } from '../browser.ts';
import { fromBase64 } from '../library/base64.ts';
import { type BundleReport, verifyBundle } from '../library/bundle.ts';

/** What of the page's document is used. The project has no DOM types, because nothing else here runs in a page. */
interface PageElement {
  textContent: string;
  className: string;
  append(...children: readonly PageElement[]): void;
  replaceChildren(...children: readonly PageElement[]): void;
}
interface FileInput extends PageElement {
  readonly files: readonly { readonly name: string; arrayBuffer(): Promise<ArrayBuffer> }[];
  addEventListener(type: 'change', listener: () => void): void;
}
declare const document: {
  getElementById(id: 'result' | 'checks' | 'policy' | 'embedded'): PageElement;
  getElementById(id: 'file'): FileInput;
  createElement(name: string): PageElement;
};

const HEARTBEAT_MS_MAX = 25 * 3_600_000;
const CLOCK_MS_MAX = 30_000;

async function show(source: string, bytes: Uint8Array): Promise<void> {
  const result = document.getElementById('result');
  result.textContent = 'Checking …';
  const input = { bundle: { source, bytes }, heartbeatMsMax: HEARTBEAT_MS_MAX, clockMsMax: CLOCK_MS_MAX };
  const report = await verifyBundle(browserPrimitives, input);
  const failed = report.checks.find((check) => !check.passed);
  result.className = failed === undefined ? 'passed' : 'failed';
  result.textContent =
    failed === undefined
      ? `All ${report.checks.length} checks passed, under the policy below.`
      : `DOES NOT HOLD: the check "${failed.name}" failed. Keep the file, and do not rely on it.`;
  document.getElementById('policy').textContent =
    report.policyHash === ''
      ? ''
      : `Everything rests on the policy with SHA-256 ${report.policyHash}. ` +
        'Compare it with one that you did not get together with this file.';
  document.getElementById('checks').replaceChildren(...report.checks.map(row));
}

function row(check: BundleReport['checks'][number]): PageElement {
  const line = document.createElement('tr');
  line.className = check.passed ? 'passed' : 'failed';
  const cells = [check.passed ? '✓' : '✗', check.name, check.expected, check.found, check.source];
  line.append(
    ...cells.map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}

const embedded = document.getElementById('embedded').textContent.trim();
if (embedded !== '') void show('the bundle in this page', fromBase64(embedded));

const picker = document.getElementById('file');
picker.addEventListener('change', () => {
  const [file] = picker.files;
  if (file !== undefined) void file.arrayBuffer().then((buffer) => show(file.name, new Uint8Array(buffer)));
});
