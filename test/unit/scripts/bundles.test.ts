import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions, type Metafile } from 'esbuild';

const MOST_OF_PAGE = 250_000;

async function bundle(entry: string, options: BuildOptions): Promise<{ metafile: Metafile; program: Uint8Array }> {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: 'dist',
    mainFields: ['module', 'main'],
    ...options,
  });
  const program = outputFiles?.find(({ path }) => path.endsWith('.js'))?.contents;
  assert.ok(program && metafile);
  return { metafile, program };
}

/** The files that a program is made of before it imports anything later. */
function loadedAtOnce(metafile: Metafile, entry: string): readonly string[] {
  const [first] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry) ?? [];
  const parts = new Set([first ?? '']);
  for (const part of parts) {
    for (const { kind, path } of metafile.outputs[part]?.imports ?? [])
      if (kind === 'import-statement') parts.add(path);
  }
  return [...parts].flatMap((part) => Object.keys(metafile.outputs[part]?.inputs ?? {}));
}

describe('the bundles', () => {
  it('have no schemas in the pages, which only draw: the largest has at most 250 kB packed', async () => {
    for (const page of ['webview/main.ts', 'webview/search/main.ts', 'webview/model/main.ts']) {
      const { metafile, program } = await bundle(page, { format: 'iife', target: 'chrome120' });
      const schemas = Object.keys(metafile.inputs).filter((file) => /\/zod\//.test(file));
      assert.deepEqual(schemas, [], page);
      assert.ok(gzipSync(program).length <= MOST_OF_PAGE, page);
    }
  });

  it('have what activation does not need in parts of their own, and what the open folders do not need in others', async () => {
    const entry = 'src/extension/extension.ts';
    const { metafile } = await bundle(entry, {
      platform: 'node',
      format: 'esm',
      splitting: true,
      external: ['vscode'],
    });
    const all = Object.keys(metafile.inputs);
    const neverAtOnce = [
      /^src\/experiment\/schema\.ts$/,
      /reportSchema/,
      /panelWork/,
      /commandTable/,
      /languageservice/,
    ];
    const late = { [entry]: [...neverAtOnce, /\/zod\//, /workbench/], 'src/extension/workbench.ts': neverAtOnce };
    for (const [part, names] of Object.entries(late)) {
      const loaded = loadedAtOnce(metafile, part);
      assert.ok(loaded.includes(part));
      for (const name of names) {
        assert.ok(
          all.some((file) => name.test(file)),
          `${name} is in the bundle`,
        );
        assert.deepEqual(
          loaded.filter((file) => name.test(file)),
          [],
          part,
        );
      }
    }
  });
});
