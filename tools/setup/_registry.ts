import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

/** A package that the registry below serves. */
export type Published = {
  readonly name: string;
  readonly version: string;
  /** Contents by path; package.json is added. */
  readonly files: Readonly<Record<string, string | Buffer>>;
};

/** A package registry on this machine, and what was asked of it. */
export type Registry = {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** What a lockfile must record for the package of this name. */
  readonly integrity: (name: string) => string;
};

/** Serves `packages` as npm's registry does, for as long as the test runs. `answer: 'never'` accepts and is silent. */
export async function startRegistry(
  t: TestContext,
  packages: readonly Published[],
  { answer }: { readonly answer: 'always' | 'never' | 'not-found' } = { answer: 'always' },
): Promise<Registry> {
  const asked: string[] = [];
  const archives = new Map(packages.map((item) => [item.name, archive(item)]));
  const integrity = (name: string): string =>
    `sha512-${createHash('sha512')
      .update(archives.get(name) ?? '')
      .digest('base64')}`;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (answer === 'never') return;
    const found = packages.find(({ name }) => path === `/${name}` || path === `/${name}.tgz`);
    if (found === undefined || answer === 'not-found') {
      response.writeHead(404).end('{}');
      return;
    }
    if (path.endsWith('.tgz')) {
      response.end(archives.get(found.name));
      return;
    }
    const { name, version } = found;
    const dist = { tarball: `${url}/${name}.tgz`, integrity: integrity(name) };
    const versions = { [version]: { name, version, dist } };
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has this form
  return { url, asked, integrity };
}

/** A gzipped tar archive as npm publishes it: ustar headers (POSIX.1-1988), everything under `package/`. */
function archive({ name, version, files }: Published): Buffer {
  const all = { 'package.json': JSON.stringify({ name, version }), ...files };
  const blocks = Object.entries(all).flatMap(([path, content]) => {
    const body = Buffer.from(content);
    return [header(`package/${path}`, body.length), body, Buffer.alloc(-body.length & 511)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write('0000755\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        0', 148);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
