/** Three witnesses on this machine, and a policy file that asks for two of them. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type VerifierKey, formatVerifierKey } from '@counterfoil/log';
import { addWitnessedLog, createWitness, openWitness, witnessServer } from '@counterfoil/log/witness';

const NAMES = ['w1', 'w2', 'w3'];

export interface Witnesses {
  /** Witness lines, a group of two of three, and the quorum. */
  readonly policyFile: string;
  /** Begins to witness the log with `key`; until then nobody answers. */
  serve(key: VerifierKey): Promise<void>;
  close(): void;
}

export async function makeWitnesses(folder: string): Promise<Witnesses> {
  const witnesses = await Promise.all(
    NAMES.map(async (name) => {
      const place = join(folder, name);
      return { name, place, port: await freePort(), key: createWitness(place, `${name}.bench`) };
    }),
  );
  const lines = witnesses.map(
    ({ name, port, key }) => `witness ${name} ${formatVerifierKey(key)} http://127.0.0.1:${port}\n`,
  );
  const policyFile = join(folder, 'witnesses.txt');
  writeFileSync(policyFile, `${lines.join('')}group two 2 ${NAMES.join(' ')}\nquorum two\n`);
  const closers: (() => void)[] = [];
  return {
    policyFile,
    async serve(key) {
      for (const { place, port } of witnesses) {
        addWitnessedLog(place, key);
        const opened = openWitness(place, Date.now);
        const server: Server = witnessServer(opened.witness);
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
        closers.push(() => {
          server.closeAllConnections();
          server.close();
          opened.close();
        });
      }
    },
    close: () => closers.forEach((close) => close()),
  };
}

/** A port that was free a moment ago: the policy names it before the witness can know its log. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
