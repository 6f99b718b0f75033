// Bundles the programs: the extension, its child process, the terminal, the panel, and two that try what may crash or must be alone.
import { build, context } from 'esbuild';
import { rmSync } from 'node:fs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const outdir = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  outdir,
  sourcemap: !production,
  minify: production,
  logLevel: 'info',
  target: 'node20',
};

// Native packages stay outside of the bundle: they are shipped as they are.
const external = ['vscode', 'onnxruntime-node', 'sharp', '@julusian/jpeg-turbo', '@tensorflow/tfjs-node'];
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
      deviceTrial: 'src/training/engines/deviceTrialProcess.ts',
      memoryTrial: 'src/training/engines/memoryTrialProcess.ts',
      decodingThread: 'src/data/streaming/decodingThread.ts',
      alteringThread: 'src/training/alteringThread.ts',
    },
    platform: 'node',
    format: 'esm',
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
    entryPoints: { webview: 'webview/main.ts' },
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
  await Promise.all(programs.map((program) => build(program)));
}
