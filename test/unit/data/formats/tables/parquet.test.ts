import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, bmpFile, labelsOf, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const ROWS = Array.from({ length: 20 }, (_, row) => row);

describe('Parquet', () => {
  const data = dataFolder('suite', { length: 4 });
  const { open } = data;
  const write = (name: string, ...[content]: Parameters<typeof parquetWriteBuffer>): string => {
    writeFileSync(join(data.folder, name), Buffer.from(parquetWriteBuffer(content)));
    return name;
  };
  const numbers = () =>
    parquetWriteBuffer({
      columnData: [
        { name: 'x', data: ROWS.map((row) => Math.sin(row)), type: 'DOUBLE' },
        { name: 'colour', data: ROWS.map((row) => (row % 3 === 0 ? 'grün' : 'rot')), type: 'STRING' },
        { name: 'label', data: ROWS.map((row) => BigInt(row % 2)), type: 'INT64' },
      ],
    });

  it('is a table of columns', async () => {
    writeFileSync(join(data.folder, 'numbers.parquet'), Buffer.from(numbers()));
    const dataset = await open('numbers.parquet');
    assert.equal(dataset.format, 'Parquet');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    assert.ok(dataset.preparation.kind === 'table');
    assert.deepEqual(dataset.preparation.columns[1], {
      name: 'colour',
      kind: 'category',
      categories: ['grün', 'rot'],
      missing: false,
    });
  });

  it('has the class names that Hugging Face writes into it, and texts', async () => {
    const info = { info: { features: { label: { names: ['bad', 'good'], _type: 'ClassLabel' } } } };
    write('texts.parquet', {
      columnData: [
        { name: 'text', data: ROWS.map((row) => `what a fine film number ${row}`), type: 'STRING' },
        { name: 'label', data: ROWS.map((row) => BigInt(row % 2)), type: 'INT64' },
      ],
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify(info) }],
    });
    const dataset = await open('texts.parquet');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['bad', 'good'] });
    assert.equal(dataset.samples.kind, 'tokens');
  });

  it('has images as bytes', async () => {
    const image = (row: number) => bmpFile({ width: 1, height: 1, bits: 24, rows: [10 * row, 10 * row, 10 * row, 0] });
    write('images.parquet', {
      columnData: [
        { name: 'image', data: ROWS.map((row) => ({ bytes: new Uint8Array(image(row)), path: `${row}.bmp` })) },
        { name: 'label', data: ROWS.map((row) => BigInt(row % 2)) },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT64', repetition_type: 'REQUIRED' },
      ],
    });
    const dataset = await open('images.parquet');
    assert.deepEqual([dataset.format, dataset.sampleShape], ['Parquet of images', [1, 1, 1]]);
    const labels = labelsOf(dataset.training);
    const values = await readSamples(dataset.training, [...Array(dataset.training.count).keys()], 1);
    values.forEach((value, row) => {
      assert.equal(Math.round(value * 25.5) % 2, labels[row]);
    });
  });

  it('has images as bytes alone, and recordings are refused as what they are', async () => {
    const image = (row: number) => bmpFile({ width: 1, height: 1, bits: 24, rows: [10 * row, 10 * row, 10 * row, 0] });
    const withBytes = (name: string, bytes: (row: number) => Uint8Array) => ({
      columnData: [
        { name, data: ROWS.map(bytes) },
        { name: 'label', data: ROWS.map((row) => BigInt(row % 2)) },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name, type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
        { name: 'label', type: 'INT64' as const, repetition_type: 'REQUIRED' as const },
      ],
    });
    write(
      'alone.parquet',
      withBytes('image', (row) => new Uint8Array(image(row))),
    );
    const dataset = await open('alone.parquet');
    assert.deepEqual([dataset.format, dataset.sampleShape], ['Parquet of images', [1, 1, 1]]);
    write(
      'sounds.parquet',
      withBytes('audio', () => Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1')),
    );
    await assertProblems(open('sounds.parquet'), [/sounds\.parquet holds recordings in 'audio'/]);
  });

  it('that is damaged is read or refused with a sentence', async () => {
    writeFileSync(join(data.folder, 'text.parquet'), 'PAR1 but nothing else');
    await assertProblems(open('text.parquet'), [/text.parquet cannot be read as Parquet/]);
    const random = randomStream(0, 'damaged parquet');
    const original = new Uint8Array(numbers());
    for (let round = 0; round < 8; round++) {
      writeFileSync(join(data.folder, 'damaged.parquet'), mutated(original, random));
      await acceptedOrRefused(() => open('damaged.parquet'));
    }
  });

  it('in which the reader would count for ever is refused', async () => {
    const words = Array.from({ length: 200 }, (_, row) => `word ${row % 8}`);
    const content = Buffer.from(
      parquetWriteBuffer({
        columnData: [{ name: 'text', data: words, type: 'STRING', nullable: false }],
        codec: 'UNCOMPRESSED',
      }),
    );
    // The numbers of the words: three bits each, 25 groups of eight. None of no bits, and less than no groups.
    const start = content.indexOf(Buffer.from([3, 2 * 25 + 1]));
    assert.ok(start > 0);
    content.set([0, 0xff, 0xff, 0xff, 0xff, 0x0f], start);
    writeFileSync(join(data.folder, 'endless.parquet'), content);
    await assertProblems(open('endless.parquet'), [
      /endless.parquet cannot be read as Parquet: the reader gets nowhere/,
    ]);
  });
});
