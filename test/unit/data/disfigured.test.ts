import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomStream } from '../../../src/data/random.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { disfigured } from '../../support/fuzz/disfigure.ts';
import { openFile } from '../../support/fuzz/openFile.ts';
import { validFiles, type ValidFiles } from '../../support/fuzz/validFiles.ts';

/** These are opened in a process of their own, which takes long; `npm run fuzz` does it. */
const SLOW = /parquet|loop/i;
const EACH = 2;

describe('a disfigured file', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });
  const write = (files: ValidFiles['files']): void => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  };

  it('of any format is read or refused in words, and a valid one is read', async () => {
    const random = randomStream(7, 'disfigured');
    let refused = 0;
    for (const [index, kind] of (await validFiles()).entries()) {
      if (SLOW.test(kind.format)) continue;
      const { files, disfigured: name } = kind;
      const valid = Buffer.from(files[name] ?? '');
      for (let round = 0; round < EACH; round++) {
        const place = join(String(index), String(round));
        write(Object.fromEntries(Object.entries(files).map(([path, content]) => [join(place, path), content])));
        if (round > 0) write({ [join(place, name)]: disfigured(valid, random) });
        const refusal = await openFile(join(folder, place), name, kind.opening);
        if (round === 0) assert.equal(refusal, undefined, kind.format);
        else if (refusal !== undefined) refused++;
      }
    }
    assert.ok(refused > 10, `only ${refused} were refused`);
  });
});
