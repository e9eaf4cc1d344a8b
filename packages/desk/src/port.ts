/** Whether an address that the product is reached at is free: another one is another origin, or no known door. */
import { createServer } from 'node:net';
import { StartError } from '@counterfoil/server';
import type { HostPort } from '@counterfoil/wire';

export async function refuseTakenPort({ host, port }: HostPort, option: string): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, host, () => resolve());
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE')
      throw new StartError(
        'port-taken',
        `${host} port ${port} is no address that this machine can listen at (${code}). Nothing was started and no order was sent. Choose another one with ${option}.`,
        { cause },
      );
    throw new StartError(
      'port-taken',
      `Port ${port} is taken by another program, perhaps another Counterfoil. Nothing was started and no order was sent. Stop that program, or choose another one with ${option}.`,
      { cause },
    );
  } finally {
    probe.close();
  }
}
