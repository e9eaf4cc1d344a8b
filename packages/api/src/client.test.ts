import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiMismatch, ApiProblem, apiClient, type Fetch, pathOf } from './index.ts';

/** A `fetch` that answers `body` and remembers what it was asked. */
function answering(status: number, body: string) {
  const asked: { path: string; init: Parameters<Fetch>[1] }[] = [];
  const fetch: Fetch = async (path, init) => {
    asked.push({ path, init });
    return { status, text: async () => body };
  };
  return { asked, api: apiClient(fetch) };
}

const said = {
  type: '/docs/errors/not-found',
  title: 'There is no such thing',
  status: 404,
  code: 'not-found',
  detail: 'There is no bot “a”.',
  requestId: 'r1',
  errors: [],
  refusal: null,
  retryAfterSeconds: null,
};

describe('the client', () => {
  test('a call has the method, path, query, key and body of its row', async () => {
    const { api, asked } = answering(200, JSON.stringify({ items: [], next: null }));
    await api.listBots({ query: { limit: 5, state: 'running' } });
    assert.equal(asked[0]?.path, '/api/v1/bots?limit=5&state=running');
    assert.equal(asked[0]?.init.method, 'GET');
    assert.equal(asked[0]?.init.body, undefined);
  });

  test('what is filled into a path cannot leave its part', () => {
    assert.equal(pathOf('/api/v1/bots/:bot/why', { bot: '../x?y#z' }), '/api/v1/bots/..%2Fx%3Fy%23z/why');
  });

  test('a problem of the server is an error with its code', async () => {
    const { api } = answering(404, JSON.stringify(said));
    await assert.rejects(
      api.getBot({ params: { bot: 'a' } }),
      (error) => error instanceof ApiProblem && error.problem.code === 'not-found',
    );
  });

  test('an answer with a field that is not declared is refused', async () => {
    const { api } = answering(200, JSON.stringify({ items: [], next: null, secret: 'planted' }));
    await assert.rejects(api.listBots(), ApiMismatch);
  });

  test('an answer that is not JSON is refused', async () => {
    const { api } = answering(502, '<html>');
    await assert.rejects(api.listBots(), ApiMismatch);
  });
});
