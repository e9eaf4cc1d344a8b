/** Whether the one port that the product is reached at is free: its origin is part of what passkeys sign. */
import { createServer } from 'node:net';
import { StartError } from '@counterfoil/server';

export async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', () => resolve());
    });
  } catch (cause) {
    throw new StartError(
      'port-taken',
      `Port ${port} is taken by another program, perhaps another Counterfoil. Nothing was started and no order was sent. Stop that program, or choose another port with --port N.`,
      { cause },
    );
  } finally {
    probe.close();
  }
}
