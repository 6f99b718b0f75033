import assert from 'node:assert/strict';
import sharp from 'sharp';
import { assertProblems } from '../../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../../support/dataFolder.ts';

/** A PNG of one colour, in base64. */
async function picture(value: number): Promise<string> {
  const image = sharp({ create: { width: 6, height: 4, channels: 3, background: { r: value, g: 0, b: 0 } } });
  return (await image.png().toBuffer()).toString('base64');
}

describe('images in the cells of a table', () => {
  const { open, write } = dataFolder('suite', {});
  let pictures: readonly string[];
  before(async () => {
    pictures = await Promise.all(Array.from({ length: 40 }, (_, row) => picture(6 * row)));
  });

  it('are read, in base64 and as data URLs', async () => {
    const csv = ['image,label', ...pictures.map((text, row) => `${text},${row % 2 === 0 ? 'cat' : 'dog'}`)].join('\n');
    const dataset = await open(write('base64.csv', csv));
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['cat', 'dog'] });
    assert.deepEqual(dataset.sampleShape, [3, 4, 6]);
    assert.match(toldOf(dataset), /the column 'image' holds the images, in base64/);
    const lines = pictures.map((text, row) =>
      JSON.stringify({ photo: `data:image/png;base64,${text}`, kind: row % 2 === 0 ? 'cat' : 'dog' }),
    );
    const others = await open(write('urls.jsonl', lines.join('\n')));
    assert.deepEqual([others.sampleShape, others.training.count], [[3, 4, 6], dataset.training.count]);
  });

  it('are refused by line where a cell is none', async () => {
    const cells = pictures.map((text, row) => `${row === 3 ? 'no image!' : text},${row % 2}`);
    await assertProblems(open(write('damaged.csv', ['image,label', ...cells].join('\n'))), [
      /Line 5 of damaged\.csv has no image in the column 'image', which has images in base64/,
    ]);
  });
});
