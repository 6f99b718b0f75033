import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const bundles = process.env['DISTILLERY_PROGRAMS'];

/** What Node is given to run the terminal program: from its sources, or bundled where `DISTILLERY_PROGRAMS` names a folder of bundles. */
export const cliProgram: readonly string[] =
  bundles === undefined
    ? ['--import', import.meta.resolve('tsx'), join(ROOT, 'src/cli/cli.ts')]
    : [join(bundles, 'cli.mjs')];

/** A program in TypeScript, bundled as ours are, so that plain Node runs it. */
export async function bundleProgram(source: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    external: ['onnxruntime-node', 'sharp'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}

/** A folder that is removed when `work` is done. */
export async function withTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'distillery-test-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
