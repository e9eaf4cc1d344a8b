/** The API of the installation that runs, as whoever can read its data folder may call it. */
import { type ApiClient, apiClient, ApiMismatch, ApiProblem } from '@counterfoil/api';
import { CommandError } from './errors.ts';
import { runningInstallation } from './home.ts';

/** Longer than the server takes for anything that it answers at all. */
const ANSWER_MS_MAX = 30_000;

/** Runs `act` against the installation of `home`; what the server says no to becomes the command's sentence. */
export async function withApi<T>(home: string, act: (api: ApiClient) => Promise<T>): Promise<T> {
  const { url, token } = runningInstallation(home);
  const api = apiClient((path, init) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }),
  );
  try {
    return await act(api);
  } catch (cause) {
    if (cause instanceof ApiProblem) throw new CommandError(cause.problem.detail, { cause });
    if (cause instanceof ApiMismatch) throw new CommandError(cause.message, { cause });
    throw cause instanceof TypeError
      ? new CommandError(
          'the server did not answer, and nobody knows whether it acted. Look with `counterfoil status`.',
          { cause },
        )
      : cause;
  }
}
