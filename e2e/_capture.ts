/** Everything that leaves a browser, and the forms in which a secret could be in it. */
import type { Person } from './_browser.ts';

/** Raw, hex, base64 at each of its three offsets, base64url, URL-encoded. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // What stands before shifts the groups of three: whole groups alone are the same in every text.
  const shifted = [0, 1, 2].map((skip) =>
    bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3),
  );
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...shifted.map((part) => part.toString('base64')),
    ...shifted.map((part) => part.toString('base64url')),
    encodeURIComponent(secret),
    encodeURIComponent(bytes.toString('base64')),
  ];
}

export interface Sent {
  /** Which of these texts went out, in an address, a header or a body. */
  readonly holding: (
    forms: readonly string[],
  ) => Promise<{ readonly found: readonly string[]; readonly searched: number }>;
}

/** What the browser's network layer sends, below the page: with the headers that it adds, and bodies as bytes. */
export async function capture({ context, page }: Person): Promise<Sent> {
  const session = await context.newCDPSession(page);
  const requests: string[] = [];
  const bodies: Promise<void>[] = [];
  await session.send('Network.enable', { maxPostDataSize: 1_048_576 });
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    requests.push(request.url, JSON.stringify(request.headers));
    if (request.hasPostData !== true) return;
    for (const { bytes = '' } of request.postDataEntries ?? [])
      requests.push(Buffer.from(bytes, 'base64').toString('latin1'));
    bodies.push(
      session.send('Network.getRequestPostData', { requestId }).then(
        ({ postData }) => void requests.push(postData),
        // A request that was given up has none any more; its entries are above.
        () => undefined,
      ),
    );
  });
  session.on('Network.requestWillBeSentExtraInfo', ({ headers }) => requests.push(JSON.stringify(headers)));
  return {
    holding: async (forms) => {
      await Promise.all(bodies);
      const found = forms.filter((form) => requests.some((text) => text.includes(form)));
      return { found, searched: requests.length };
    },
  };
}
