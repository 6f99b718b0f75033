import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { assertProblems, bmpFile } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const image = (grey: number) => bmpFile({ width: 1, height: 1, bits: 24, rows: [grey, grey, grey, 0] });

/** Samples with the numbers from `first` on; `tell` gives what stands beside the image. */
function samples(first: number, count: number, tell: (sample: number) => Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => first + index).flatMap(
      (sample): readonly (readonly [string, string | Buffer])[] => [
        [`${String(sample).padStart(5, '0')}.bmp`, image(sample)],
        ...Object.entries(tell(sample)).map(
          ([ending, text]) => [`${String(sample).padStart(5, '0')}.${ending}`, text] as const,
        ),
      ],
    ),
  );
}

describe('WebDatasets', () => {
  const data = dataFolder('suite');
  const { open } = data;
  const write = (name: string, content: Buffer): string => {
    mkdirSync(dirname(join(data.folder, name)), { recursive: true });
    writeFileSync(join(data.folder, name), content);
    return name;
  };

  it('are images with their classes', async () => {
    const files = { ...samples(0, 20, (sample) => ({ cls: `${sample % 2}\n`, 'seg.png': 'x' })), '00099.cls': '1' };
    const dataset = await open(write('pets.tar', await tarOf(files)));
    assert.equal(dataset.format, 'WebDataset of images');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    assert.match(toldOf(dataset), /1 samples of pets\.tar have no image and are left out: 00099/);
    assert.match(toldOf(dataset), /files with the endings \.seg\.png are not read/);
    await dataset.dispose();
  });

  it('may lie in several tars, those of each split by their names, and tell of images in JSON', async () => {
    const json = (sample: number) => ({ json: JSON.stringify({ label: sample % 2 === 0 ? 'cat' : 'dog', width: 1 }) });
    write('shards/pets-train-000000.tar', await tarOf(samples(0, 10, json)));
    write('shards/pets-train-000001.tar', await tarOf(samples(10, 10, json)));
    write('shards/pets-val-000000.tar', await tarOf(samples(20, 6, json)));
    const dataset = await open('shards', { test: 0.5 });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['cat', 'dog'] });
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [10, 6, 10]);
    await dataset.dispose();
  });

  it('are refused where what tells of an image is damaged', async () => {
    const files = samples(0, 4, (sample) => ({ json: sample === 2 ? '{"label": ' : '{"label": "a"}' }));
    await assertProblems(open(write('broken.tar', await tarOf(files))), [/00002\.json cannot be read/]);
  });
});
