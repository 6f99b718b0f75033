// Bundles the programs: the extension, its child process, the terminal, the panel, and those that try what may crash, never end or must be alone.
import { build, context, transform } from 'esbuild';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

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

/**
 * zod's own messages, in some fifty languages: half of what it weighs. This project words its own.
 * @type {import('esbuild').Plugin}
 */
const oneLanguageOfZod = {
  name: 'one language of zod',
  setup(builder) {
    builder.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * The extension host loads CommonJS, which esbuild splits in modules alone: each part is rewritten, so that what is imported when it is first
 * needed is a file of its own, which activation does not read.
 * @type {import('esbuild').Plugin}
 */
const splitCommonJs = {
  name: 'split CommonJS',
  setup(builder) {
    const { minify = false, sourcemap = false } = builder.initialOptions;
    builder.onEnd(async ({ outputFiles = [] }) => {
      mkdirSync(outdir, { recursive: true });
      for (const { path, text } of outputFiles) {
        if (path.endsWith('.map')) continue;
        const map = outputFiles.find((file) => file.path === `${path}.map`)?.text;
        // esbuild follows a map that is part of the text.
        const mapped =
          map && `${text}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
        const part = await transform(mapped ?? text, {
          format: 'cjs',
          platform: 'node',
          target: 'node20',
          supported: { 'dynamic-import': false },
          minify,
          sourcemap: Boolean(sourcemap),
          sourcefile: basename(path),
        });
        const link = part.map === '' ? '' : `//# sourceMappingURL=${basename(path)}.map\n`;
        // VS Code's own object is what `import *` means: a copy of its hundreds of properties for every file takes as long as the program.
        writeFileSync(path, part.code.replaceAll(/[\w$]+\(require\("vscode"\)\)/g, 'require("vscode")') + link);
        if (part.map !== '') writeFileSync(`${path}.map`, part.map);
      }
    });
  },
};

/** @type {import('esbuild').BuildOptions[]} */
const programs = [
  {
    ...shared,
    entryPoints: { extension: 'src/extension/extension.ts' },
    platform: 'node',
    format: 'esm',
    splitting: true,
    chunkNames: 'host-[hash]',
    outExtension: { '.js': '.cjs' },
    external,
    mainFields,
    write: false,
    plugins: [oneLanguageOfZod, splitCommonJs],
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
      hdf5Process: 'src/data/formats/arrays/hdf5/hdf5Process.ts',
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
    plugins: [oneLanguageOfZod],
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
