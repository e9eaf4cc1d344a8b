/** Real processes, killed with SIGKILL in the middle of their work, on a real disk. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompactRange, TreeHasher, equalBytes } from '@counterfoil/log';
import { Journal } from '@counterfoil/log/journal';
import { sha256Into } from '@counterfoil/log/node';

const PROGRAM = fileURLToPath(new URL('_kill-target.ts', import.meta.url));

/** Kills `kills` writers of one log one after the other; returns how many leaves they had acknowledged. */
export async function killWriters(kills: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kill-'));
  try {
    await (await Journal.create(folder, { origin: 'kill.example/keyuse', clock: () => 0 })).close();
    const acknowledged = new Map<number, string>();
    for (let run = 0; run < kills; run++) {
      await killOne(folder, run, acknowledged);
      await check(folder, acknowledged);
    }
    return acknowledged.size;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function killOne(folder: string, run: number, acknowledged: Map<number, string>): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, folder, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  // Each run dies after another number of bytes, so that the blow falls at another place of the work.
  const fatalBytes = 200 + ((run * 7_919) % 9_000);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.length > fatalBytes) child.kill('SIGKILL');
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (...ended) => resolve(ended));
  });
  assert.equal(signal, 'SIGKILL', `the writer ended by itself with ${code}`);
  // The last line may be cut off.
  for (const line of output.split('\n').slice(0, -1)) {
    const space = line.indexOf(' ');
    acknowledged.set(Number(line.slice(0, space)), line.slice(space + 1));
  }
}

async function check(folder: string, acknowledged: ReadonlyMap<number, string>): Promise<void> {
  const journal = await Journal.open(folder);
  const { size, root } = journal.head();
  const range = new CompactRange(new TreeHasher(sha256Into));
  for (let from = 0; from < size; from += 4_096) {
    for (const entry of journal.read(from, 4_096)) {
      const known = acknowledged.get(range.size);
      if (known !== undefined) assert.equal(Buffer.from(entry).toString(), known, `leaf ${range.size}`);
      range.append(entry);
    }
  }
  assert.ok(Math.max(0, ...acknowledged.keys()) < size, 'an acknowledged leaf is beyond the tree');
  assert.ok(equalBytes(range.root(), root));
  await journal.close();
}
