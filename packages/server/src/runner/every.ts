/** Does `work` again and again, never two at a time. A failure is logged, and the next round tries again. */
export function every(
  pauseMs: number,
  work: () => Promise<void>,
  log: (line: string) => void,
): () => Promise<void> {
  let isStopped = false;
  let wake: () => void = () => {};
  const run = async (): Promise<void> => {
    while (!isStopped) {
      await work().catch((error: unknown) => log(String(error)));
      if (isStopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return () => {
    isStopped = true;
    wake();
    return running;
  };
}
