import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../../src/data/dataset.ts';
import type { Split } from '../../../../src/data/samples/split.ts';
import { findDuplicates, whenToCompare } from '../../../../src/data/splits/findDuplicates.ts';
import { FloatSamples } from '../../../../src/data/samples/floatSamples.ts';
import { openDataset } from '../../../../src/data/openDataset.ts';
import { DistilleryError } from '../../../../src/errors.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { writeImageFolder } from '../../../support/imageFolder.ts';

/** Samples of two values. */
function split(values: readonly (readonly [number, number])[]): Split {
  return new FloatSamples(Float32Array.from(values.flat()), { kind: 'none' }, values.length);
}

const compared = (training: Split, test: Split) => ({ sampleShape: [2], training, test });

describe('findDuplicates', () => {
  const many = split(Array.from({ length: 24 }, (_, row) => [row, row + 0.5] as const));

  it('tells which test samples are trained on too', async () => {
    const test = split([
      [3, 3.5],
      [3, 3.25],
      [23, 23.5],
      [0.5, 0],
    ]);
    const findings = await findDuplicates(compared(many, test));
    assert.deepEqual(
      findings.map(({ severity, message }) => [severity, message]),
      [['warning', '2 of 4 test samples are in the training split too.']],
    );
    assert.deepEqual(await findDuplicates(compared(many, split([[0.5, 0]]))), []);
  });

  it('counts a test sample as often as it occurs, and once however often it is trained on', async () => {
    const twice = split([
      [1, 1],
      [1, 1],
      [2, 2],
    ]);
    const [finding] = await findDuplicates(compared(twice, twice));
    assert.equal(finding?.message, '3 of 3 test samples are in the training split too.');
  });

  it('compares a million samples, beside what else there is to do, and stops when it is told to', async () => {
    // Row n of the training split is n; the test has every seventh of its second half, and as many that are not there.
    const count = 900_000;
    const training = new FloatSamples(
      Float32Array.from({ length: count }, (_, row) => row),
      { kind: 'none' },
      count,
    );
    const half = count / 2;
    const test = new FloatSamples(
      Float32Array.from({ length: 100_000 }, (_, row) => (row % 2 === 0 ? (half + 7 * row) % count : -row)),
      { kind: 'none' },
      100_000,
    );
    const both = { sampleShape: [1], training, test };
    assert.equal(whenToCompare(both), 'later');
    assert.equal(whenToCompare(compared(many, many)), 'at-once');
    const expected = new Set(Float32Array.from({ length: 50_000 }, (_, row) => (half + 14 * row) % count)).size;
    assert.equal(expected, 50_000, 'no test sample occurs twice');
    const [finding] = await findDuplicates(both, new AbortController().signal);
    assert.equal(finding?.message, '50000 of 100000 test samples are in the training split too.');
    const stopped = AbortSignal.abort();
    await assert.rejects(findDuplicates(both, stopped), (error) => {
      return error instanceof DistilleryError && error.code === 'CANCELLED';
    });
  });

  describe('in images that are decoded when they are read', () => {
    let folder: string;
    let dataset: Dataset | undefined;
    before(async () => {
      folder = temporaryFolder();
      for (const name of ['train', 'test']) await writeImageFolder(join(folder, name), { perClass: 80, size: 8 });
      // What is in both splits by now would be all of the test.
      await writeImageFolder(join(folder, 'test'), { perClass: 80, size: 8, classes: ['b', 'a'] });
      for (const number of [3, 5]) {
        const name = `000${number}.png`;
        copyFileSync(join(folder, 'train', 'a', name), join(folder, 'test', 'a', name));
      }
    });
    afterEach(() => dataset?.dispose());
    after(() => {
      removeFolder(folder);
    });
    const open = (): Promise<Dataset> =>
      openDataset(datasetOptions(folder, { resize: [400, 400] }), { baseDirectory: folder, seed: 0 });

    it('compares their files, whether they are read meanwhile or not', async () => {
      for (const isRead of [false, true]) {
        dataset = await open();
        assert.ok(dataset.training.stream);
        assert.ok(!dataset.findings.some(({ message }) => message.includes('in the training split too')));
        const later = dataset.examineLater?.(new AbortController().signal);
        if (isRead) {
          const indices = Int32Array.from({ length: 40 }, (_, index) => index);
          dataset.training.stream.announce(indices);
          await dataset.training.read(indices, new Float32Array(40 * 3 * 400 * 400));
        }
        assert.deepEqual(
          (await later)?.map(({ message }) => message),
          ['2 of 160 test samples are in the training split too.'],
        );
        await dataset.dispose();
      }
    });

    it('gives up when the dataset is closed', async () => {
      dataset = await open();
      const later = dataset.examineLater?.(new AbortController().signal);
      const refused = assert.rejects(later ?? Promise.resolve(), (error) => {
        return error instanceof DistilleryError && error.code === 'CANCELLED';
      });
      await dataset.dispose();
      await refused;
    });
  });
});
