import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Trouble } from './app/client.ts';
import { followEvents } from './app/live.ts';
import { router } from './app/router.tsx';
import { speakAsChosen } from './app/spoken.ts';
import { followSession } from './app/session.ts';
import './styles.css';

const queries = new QueryClient({
  defaultOptions: {
    // The event stream says what has changed; nothing is asked for on a whim. Writes are never repeated by themselves.
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // The server's no is an answer; only silence is asked about once more.
      retry: (count, error) => count < 1 && error instanceof Trouble && error.code === 'unreachable',
    },
    mutations: { retry: false },
  },
});

followSession(queries);
followEvents(queries);

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');
const page = createRoot(root);
// In the reader's language from the first word on.
void speakAsChosen().then(() =>
  page.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
