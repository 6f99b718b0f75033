import assert from 'node:assert/strict';
import { dataFolder, toldOf } from '../../../support/dataFolder.ts';
import { assertProblems } from '../../../support/datasets.ts';

describe('a folder that holds nothing but another', () => {
  const { open, write } = dataFolder('test');
  const idx = (sizes: readonly number[], values: Uint8Array): Buffer => {
    const head = Buffer.alloc(4 + 4 * sizes.length);
    head.writeUInt32BE(0x0800 + sizes.length);
    sizes.forEach((size, at) => head.writeUInt32BE(size, 4 + 4 * at));
    return Buffer.concat([head, values]);
  };
  const writeDigits = (folder: string): void => {
    for (const [split, count] of [
      ['train', 40],
      ['t10k', 20],
    ] as const) {
      write(`${folder}/${split}-images-idx3-ubyte`, idx([count, 4, 4], new Uint8Array(count * 16)));
      write(
        `${folder}/${split}-labels-idx1-ubyte`,
        idx(
          [count],
          Uint8Array.from({ length: count }, (_, at) => at % 2),
        ),
      );
    }
  };

  it('is looked through to what is told by files, as the downloads of torchvision, which is told', async () => {
    writeDigits('MNIST/raw');
    const { format, test, ...dataset } = await open();
    assert.deepEqual([format, test.count], ['IDX', 20]);
    assert.match(toldOf({ format, test, ...dataset }), /holds nothing but a folder: the data in .*MNIST.raw are used/);
  });

  it('is looked through in the cache of a repository, to the snapshot that is meant', async () => {
    const rows = (label: string): string =>
      `x,label\n${Array.from({ length: 30 }, (_, row) => `${(row * 7) % 23},${label}${row % 2}`).join('\n')}\n`;
    write('blobs/abc', 'of both');
    write('refs/main', '0b\n');
    write('snapshots/0a/train.csv', rows('old'));
    write('snapshots/0b/train.csv', rows('new'));
    assert.deepEqual((await open()).task, { kind: 'classification', classes: ['new0', 'new1'] });
  });

  it('is refused by what lies in it', async () => {
    write('cifar-10-batches-py/data_batch_1', Buffer.from([0x80, 2, 0, 1, 2]));
    await assertProblems(open(), [/data_batch_1 is a pickle/]);
  });
});
