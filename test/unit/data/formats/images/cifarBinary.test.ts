import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, labelsOf, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const PIXELS = 3072;

/** Records whose pixels are all the record's number, with the class last of `labelBytes`. */
function records(labels: readonly number[], labelBytes = 1): Buffer {
  return Buffer.concat(
    labels.map((label, record) => Buffer.concat([Buffer.alloc(labelBytes, label), Buffer.alloc(PIXELS, record)])),
  );
}

describe('CIFAR binary', () => {
  const data = dataFolder('test');
  const { open } = data;
  const write = (name: string, content: Uint8Array | string): void => {
    writeFileSync(join(data.folder, name), content);
  };

  it('of ten classes is read from its batches, with the names of the classes', async () => {
    const names = ['plane', 'car', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
    write('batches.meta.txt', `${names.join('\n')}\n\n`);
    const labels = Array.from({ length: 20 }, (_, index) => index % 10);
    write('data_batch_1.bin', records(labels));
    write('data_batch_2.bin', records(labels));
    write('test_batch.bin', records([3, 9]));
    const dataset = await open();
    assert.deepEqual([dataset.format, dataset.sampleShape], ['CIFAR-10 binary', [3, 32, 32]]);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: names });
    assert.equal(dataset.training.count + dataset.validation.count, 40);
    assert.deepEqual([...labelsOf(dataset.test)], [3, 9]);
    const second = await readSamples(dataset.test, [1], PIXELS);
    assert.ok(second.every((value) => Math.abs(value - 1 / 255) < 1e-7));
  });

  it('of a hundred classes has the fine ones', async () => {
    write(
      'train.bin',
      records(
        Array.from({ length: 200 }, (_, index) => index % 100),
        2,
      ),
    );
    const dataset = await open();
    assert.equal(dataset.format, 'CIFAR-100 binary');
    assert.ok(dataset.task.kind === 'classification' && dataset.task.classes.length === 100);
  });

  it('that is damaged is read or refused with a sentence', async () => {
    const random = randomStream(0, 'damaged CIFAR');
    const original = records(Array.from({ length: 20 }, (_, index) => index % 10));
    for (let round = 0; round < 100; round++) {
      write('data_batch_1.bin', mutated(original, random));
      await acceptedOrRefused(open);
    }
  });

  it('is refused with the file, all problems at once', async () => {
    write('data_batch_1.bin', records([1, 2]).subarray(1));
    write('data_batch_2.bin', records([1, 10]));
    write('test_batch.bin', '');
    await assertProblems(open(), [
      /data_batch_1.bin has 6145 bytes, which are no whole records of 3073/,
      /Record 1 of data_batch_2.bin has the class 10/,
      /test_batch.bin has 0 bytes/,
    ]);
  });
});
