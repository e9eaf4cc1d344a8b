/**
 * The paper exchange's public side on this machine: it serves the loopback interface where the vault runs, under a
 * certificate for `localhost`, so its lines begin at a port of this machine's and go through the door.
 */
import { type AddressInfo, type Server, createServer } from 'node:net';
import { couple } from '@counterfoil/wire';
import type { RemoteWorker } from './credentials.ts';
import { openLine } from './door-line.ts';

/** As many as the door gives one key: what asks for more on this machine is not the worker. */
const LINES_MAX = 8;

/** Serves until it is closed; `url` is the exchange's address from here. */
export async function serveMarket(
  worker: RemoteWorker,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    openLine(worker, 'market').then(
      (line) => {
        if (socket.destroyed) line.destroy();
        else couple(socket, line);
      },
      () => socket.destroy(),
    );
  });
  server.maxConnections = LINES_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, server };
}
