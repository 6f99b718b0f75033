import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from '../../support/programs.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Notices {
  bundledPackages(metafile: { readonly inputs: object }, folder: string): string[];
  shippedPackages(folder: string): string[];
  thirdPartyNotices(folders: readonly string[]): string;
}
const load = async (): Promise<Notices> =>
  (await import(new URL('../../../scripts/thirdPartyNotices.mjs', import.meta.url).href)) as Notices;

describe('third-party notices', () => {
  it('have every package of the bundles and beside them, with the text of its licence', () =>
    withTemporaryFolder(async (folder) => {
      const metafile = join(folder, 'metafile.json');
      const dist = join(folder, 'dist');
      execFileSync(process.execPath, ['build.mjs', '--production', `--outdir=${dist}`, `--metafile=${metafile}`], {
        cwd: root,
        stdio: 'pipe',
      });
      const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as { inputs: Record<string, unknown> };
      const names = new Set(
        Object.keys(inputs).flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
      );
      for (const known of ['zod', 'fflate', 'hyparquet', 'uplot', '@bufbuild/protobuf'])
        assert.ok(names.has(known), known);
      const beside = ['onnxruntime-node', 'onnxruntime-common', 'sharp', '@julusian/jpeg-turbo'];
      const { bundledPackages, thirdPartyNotices } = await load();
      const text = thirdPartyNotices([
        ...bundledPackages({ inputs }, root),
        ...beside.map((name) => join(root, 'node_modules', name)),
      ]);
      const sections = text.split(/^={80}$/m).map((section) => section.trim());
      for (const name of [...names, ...beside]) {
        const section = sections.find((each) => each.startsWith(`${name} `));
        assert.ok(section, `${name} is missing`);
        assert.match(section, /copyright|permission/i, name);
        assert.ok(section.length > 500, `${name} has no text of its licence`);
      }
      const jsfive = sections.find((each) => each.startsWith('jsfive ')) ?? '';
      for (const within of ['pyfive', 'pako', 'zlib']) assert.match(jsfive, new RegExp(`^Of ${within},`, 'm'));
    }));

  it('are shipped, as is every program that the build makes', async () => {
    const shipped = await readFile(join(root, '.vscodeignore'), 'utf8');
    assert.match(shipped, /^!THIRD-PARTY-NOTICES\.txt$/m);
    await withTemporaryFolder(async (folder) => {
      execFileSync(process.execPath, ['build.mjs', '--production', `--outdir=${folder}`], { cwd: root, stdio: 'pipe' });
      for (const name of await readdir(folder)) {
        const patterns = [name, name.replace(/^[^.]+/, '*')];
        assert.ok(
          patterns.some((pattern) => shipped.includes(`\n!dist/${pattern}\n`)),
          name,
        );
      }
    });
  });

  it('are refused when a licence has no text, naming the package', () =>
    withTemporaryFolder(async (folder) => {
      const at = join(folder, 'node_modules', '@some', 'thing');
      await mkdir(at, { recursive: true });
      await writeFile(
        join(at, 'package.json'),
        JSON.stringify({ name: '@some/thing', version: '1.0.0', license: 'MIT' }),
      );
      const { shippedPackages, thirdPartyNotices } = await load();
      await writeFile(join(folder, '.vscodeignore'), '**\n!node_modules/@other/**\n');
      assert.deepEqual(shippedPackages(folder), []);
      for (const line of ['!node_modules/@some/**', '!node_modules/@some/thing/lib/**']) {
        await writeFile(join(folder, '.vscodeignore'), `**\n${line}\n`);
        assert.deepEqual(shippedPackages(folder), [at]);
      }
      assert.throws(() => thirdPartyNotices([at]), /@some\/thing 1\.0\.0 \(MIT\)/);
      await writeFile(join(at, 'LICENSE'), 'Copyright someone. Permission is granted.');
      assert.match(thirdPartyNotices([at]), /@some\/thing 1\.0\.0, MIT\n\nCopyright someone/);
    }));
});
