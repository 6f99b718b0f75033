import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { xlsxFile } from '../support/workbooks.ts';

const bundle = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));
const rows = Array.from({ length: 40 }, (_, row) => [row % 7, (row * row) % 11, row % 2 === 0 ? 'even' : 'odd']);
const csv = `a,b,label\n${rows.map((row) => row.join()).join('\n')}\n`;

/** Packages that are loaded when they are needed are others in a bundle than where the sources run. */
describe('data in the bundled program', () => {
  let folder: string;
  before(async function () {
    if (!existsSync(bundle)) this.skip();
    folder = await mkdtemp(join(tmpdir(), 'distillery-bundled-'));
    await writeFile(join(folder, 'packed.zip'), zipSync({ 'rows.csv': Buffer.from(csv) }));
    const tar = pack();
    tar.entry({ name: 'rows.csv' }, csv);
    tar.finalize();
    await writeFile(join(folder, 'packed.tar'), await buffer(tar));
    await writeFile(join(folder, 'book.xlsx'), xlsxFile({ Rows: [['a', 'b', 'label'], ...rows] }));
    await mkdir(join(folder, 'hub'));
    await writeFile(
      join(folder, 'hub/README.md'),
      '---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: rows.csv\n---\n',
    );
    await writeFile(join(folder, 'hub/rows.csv'), csv);
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true });
  });

  for (const name of ['packed.zip', 'packed.tar', 'book.xlsx', 'hub']) {
    it(`reads ${name}`, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [bundle, 'inspect', join(folder, name), '--json']);
      const { task, splits } = JSON.parse(stdout) as { task: string; splits: Record<string, { samples: number }> };
      assert.equal(task, 'classification');
      assert.equal(
        Object.values(splits).reduce((sum, { samples }) => sum + samples, 0),
        rows.length,
      );
    });
  }
});
