/** Puts the offline verifier together: page, script and, if given, a bundle, in one HTML file. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const EMBEDDED = '<script id="embedded" type="text/plain">';
const SCRIPT = '<script></script>';

/** The page as text. The same sources and bundle give the same bytes. */
export async function buildVerifierPage(bundle?: Uint8Array): Promise<string> {
  const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');
  const built = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    target: 'es2022',
    // Inside a page a closing tag would end the script.
    charset: 'ascii',
  });
  const script = (built.outputFiles[0]?.text ?? '').replaceAll('</script', String.raw`<\/script`);
  const data = bundle === undefined ? '' : Buffer.from(bundle).toString('base64');
  return page.replace(EMBEDDED, () => EMBEDDED + data).replace(SCRIPT, () => `<script>${script}</script>`);
}
