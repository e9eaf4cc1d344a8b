// `npm run check`: every gate that needs no test run. Prints all findings, then one line per gate.
// Usage: tools/check.ts [NAME-OF-A-GATE …]
import { join } from 'node:path';
import { gates, type Gate } from './check/gates.ts';

const root = join(import.meta.dirname, '..');
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !gates.some((gate) => gate.name === name));
if (unknown.length > 0) {
  console.error(
    `No such gate: ${unknown.join(', ')}. There are: ${gates.map((gate) => gate.name).join(', ')}.`,
  );
  process.exit(2);
}

const chosen = gates.filter((gate) => asked.length === 0 || asked.includes(gate.name));
// Together: each uses one core most of the time, and the slowest (typed lint) decides how long the whole takes.
const outcomes = await Promise.all(chosen.map((gate) => timed(gate)));

for (const { gate, findings } of outcomes) {
  if (findings !== '') console.log(`── ${gate.name}\n${findings.trimEnd()}\n`);
}
for (const { gate, findings, seconds } of outcomes) {
  const verdict = findings === '' ? '✔' : '✘';
  console.log(`${verdict} ${gate.name.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${gate.promise}`);
}
process.exit(outcomes.every(({ findings }) => findings === '') ? 0 : 1);

async function timed(gate: Gate): Promise<{ gate: Gate; findings: string; seconds: number }> {
  const startedAt = performance.now();
  const findings = await gate.findings(root);
  return { gate, findings, seconds: (performance.now() - startedAt) / 1000 };
}
