// Bundles the programs: the extension, its child process, the terminal, the panel, and those that try what may crash, never end or must be alone.
import { build, context } from 'esbuild';
import { rmSync, writeFileSync } from 'node:fs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const outdir = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';
/** Where to write what the bundles are made of. */
const metafile = process.argv.find((argument) => argument.startsWith('--metafile='))?.slice('--metafile='.length);

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  outdir,
  metafile: true,
  sourcemap: !production,
  minify: production,
  logLevel: 'info',
  target: 'node20',
};

// Native packages stay outside of the bundle: they are shipped as they are.
const external = ['vscode', 'onnxruntime-node', 'sharp', '@julusian/jpeg-turbo', 'sql.js', '@tensorflow/tfjs-node'];
// jsonc-parser's CommonJS build cannot be bundled, its module build can.
const mainFields = ['module', 'main'];

/** @type {import('esbuild').BuildOptions[]} */
const programs = [
  {
    ...shared,
    entryPoints: { extension: 'src/extension/extension.ts' },
    platform: 'node',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external,
    mainFields,
  },
  {
    ...shared,
    entryPoints: {
      trainer: 'src/trainer/trainer.ts',
      cli: 'src/cli/cli.ts',
      deviceTrialProcess: 'src/training/engines/devices/deviceTrialProcess.ts',
      memoryTrialProcess: 'src/training/engines/memory/memoryTrialProcess.ts',
      askingProcess: 'src/training/engines/asking/askingProcess.ts',
      decodingThread: 'src/data/formats/images/streaming/decodingThread.ts',
      parquetProcess: 'src/data/formats/tables/parquet/parquetProcess.ts',
      trialProcess: 'src/search/trials/trialProcess.ts',
      augmentationThread: 'src/training/augmentation/augmentationThread.ts',
      modelThread: 'src/modelView/modelThread.ts',
      modelSizeThread: 'src/modelView/modelSizeThread.ts',
      comparisonThread: 'src/comparison/comparisonThread.ts',
      searchThread: 'src/search/page/searchThread.ts',
    },
    platform: 'node',
    format: 'esm',
    // What several programs are made of lies beside them once.
    splitting: true,
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': '.mjs' },
    external,
    mainFields,
    // Bundled CommonJS packages call require().
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  },
  {
    ...shared,
    entryPoints: {
      webview: 'webview/main.ts',
      modelPage: 'webview/model/main.ts',
      searchPage: 'webview/search/main.ts',
    },
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    loader: { '.css': 'css' },
  },
];

rmSync(outdir, { recursive: true, force: true });
if (watch) {
  for (const program of programs) await (await context(program)).watch();
} else {
  const built = await Promise.all(programs.map((program) => build(program)));
  if (metafile !== undefined) {
    const inputs = Object.assign({}, ...built.map((result) => result.metafile?.inputs));
    writeFileSync(metafile, JSON.stringify({ inputs }));
  }
}
