import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { binary, float64, int64, list, struct, tableFromArrays, tableToIPC, utf8, type Table } from '@uwdata/flechette';
import { randomStream } from '../../../../../src/data/random.ts';
import { readArrow } from '../../../../../src/data/formats/tables/arrow/readArrow.ts';
import { linkedFeather, lz4Feather, polarsFile, zstdFeather } from '../../../../support/arrowFiles.ts';
import { assertProblems, bmpFile, labelsOf, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const ROWS = Array.from({ length: 20 }, (_, row) => row);
const LABELS = ROWS.map((row) => row % 2);
const CLASSES = JSON.stringify({ info: { features: { label: { names: ['bad', 'good'], _type: 'ClassLabel' } } } });

describe('Arrow', () => {
  const data = dataFolder('suite', { length: 4 });
  const { open, write } = data;
  const encoded = (table: Table, format: 'file' | 'stream'): Uint8Array => {
    const bytes = tableToIPC(table, { format });
    assert.ok(bytes);
    return bytes;
  };
  const numbers = (): Table =>
    tableFromArrays({
      x: ROWS.map((row) => (row === 3 ? null : Math.sin(row))),
      colour: ROWS.map((row) => (row % 3 === 0 ? 'grün' : 'rot')),
      label: LABELS,
    });
  const texts = (rows: readonly number[]): Table => {
    const table = tableFromArrays(
      { text: rows.map((row) => `what a fine film number ${row}`), label: rows.map((row) => row % 2) },
      { types: { text: utf8(), label: int64() } },
    );
    table.schema.metadata = new Map([['huggingface', CLASSES]]);
    return table;
  };

  for (const format of ['file', 'stream'] as const) {
    it(`is a table of columns, as a ${format}, whatever it is called`, async () => {
      const dataset = await open(write(`numbers-${format}.data`, encoded(numbers(), format)));
      assert.equal(dataset.format, 'Arrow');
      assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
      assert.ok(dataset.preparation.kind === 'table');
      const [x, colour] = dataset.preparation.columns;
      assert.equal(x?.kind, 'number');
      assert.deepEqual(colour, { name: 'colour', kind: 'category', categories: ['grün', 'rot'], missing: false });
    });
  }

  it('is read as polars writes it, with categories behind the rows', async () => {
    const path = join(data.folder, write('polars.arrow', polarsFile));
    const { rows } = await readArrow({ name: 'polars.arrow', paths: [path] }, undefined);
    assert.equal(rows.length, 20);
    for (const [row, { x, size, label }] of rows.entries()) {
      assert.deepEqual([x, size, label], [row / 4, 'SML'[row % 3], row % 2 === 0 ? 'ja' : 'nein']);
    }
  });

  it('is read as pyarrow packs it, with LZ4 and Zstandard', async () => {
    for (const content of [lz4Feather, zstdFeather]) {
      const path = join(data.folder, write('packed.feather', content));
      const { rows } = await readArrow({ name: 'packed.feather', paths: [path] }, undefined);
      assert.equal(rows.length, 40);
      for (const [row, { x, colour, label }] of rows.entries()) {
        assert.deepEqual([x, colour, label], [row === 5 ? null : row / 4, row % 3 === 0 ? 'grün' : 'rot', row % 2]);
      }
    }
    const { rows } = await readArrow(
      { name: 'linked', paths: [join(data.folder, write('linked', linkedFeather))] },
      undefined,
    );
    assert.equal(rows.length, 20_000);
    assert.ok(rows.every(({ x, label }, row) => x === row % 4 && label === row % 2));
  });

  it('has the class names that Hugging Face writes into it, and texts, in folders as datasets saves them', async () => {
    for (const split of ['train', 'test']) mkdirSync(join(data.folder, 'saved', split), { recursive: true });
    write('saved/dataset_dict.json', Buffer.from('{"splits": ["train", "test"]}'));
    write('saved/train/state.json', Buffer.from('{}'));
    write('saved/train/data-00000-of-00002.arrow', encoded(texts(ROWS.slice(0, 8)), 'stream'));
    write('saved/train/data-00001-of-00002.arrow', encoded(texts(ROWS.slice(8)), 'stream'));
    write('saved/test/data-00000-of-00001.arrow', encoded(texts(ROWS), 'stream'));
    const dataset = await open('saved');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['bad', 'good'] });
    assert.equal(dataset.samples.kind, 'tokens');
    assert.equal(dataset.training.count + dataset.validation.count, 20);
    assert.deepEqual([...labelsOf(dataset.test)], LABELS);
    const alone = await open('saved/train');
    assert.equal(alone.training.count + alone.validation.count + alone.test.count, 20);

    mkdirSync(join(data.folder, 'torn'));
    write('torn/data-00001-of-00002.arrow', encoded(texts(ROWS), 'stream'));
    await assertProblems(open('torn'), [/^torn has 1 of the 2 files of data\.arrow: data-00001-of-00002\.arrow/]);
  });

  it('has images as bytes', async () => {
    const image = (row: number) => bmpFile({ width: 1, height: 1, bits: 24, rows: [10 * row, 10 * row, 10 * row, 0] });
    const table = tableFromArrays(
      { image: ROWS.map((row) => ({ bytes: new Uint8Array(image(row)), path: `${row}.bmp` })), label: LABELS },
      { types: { image: struct({ bytes: binary(), path: utf8() }) } },
    );
    const dataset = await open(write('images.arrow', encoded(table, 'stream')));
    assert.equal(dataset.format, 'Arrow of images');
    assert.deepEqual(dataset.sampleShape, [1, 1, 1]);
    const seen = await Promise.all(
      [dataset.training, dataset.validation, dataset.test].map(async (split) => [
        ...(await readSamples(split, [...Array(split.count).keys()], 1)),
      ]),
    );
    assert.deepEqual(
      seen
        .flat()
        .map((value) => Math.round(value * 255))
        .sort((one, other) => one - other),
      ROWS.map((row) => 10 * row),
    );
  });

  it('is refused in one sentence that names the file', async () => {
    const whole = encoded(numbers(), 'file');
    const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
      ['cut.arrow', whole.subarray(0, whole.length - 20), /^cut\.arrow cannot be read as Arrow: it is cut off\.$/],
      [
        'torn.arrow',
        encoded(numbers(), 'stream').subarray(0, 400),
        /^torn\.arrow cannot be read as Arrow: it is cut off/,
      ],
      ['empty.arrow', new Uint8Array(0), /^empty\.arrow cannot be read as Arrow: it is empty/],
      ['old.feather', Buffer.from('FEA1....FEA1'), /^old\.feather cannot be read as Arrow: it is Feather of version 1/],
      ['text.arrow', Buffer.from('x,label\n1,2\n'), /^text\.arrow cannot be read as Arrow: /],
    ];
    for (const [name, content, expected] of cases) await assertProblems(open(write(name, content)), [expected]);
    const lists = tableFromArrays({ x: [[1, 2], [3]], label: [0, 1] }, { types: { x: list(float64()) } });
    await assertProblems(open(write('lists.arrow', encoded(lists, 'file'))), [
      /^Row 1 of lists\.arrow has an array or object as 'x'/m,
    ]);
  });

  it('says of a column that is shorter than the others, and of more than there is, that it is damaged', async () => {
    const bytes = Buffer.from(encoded(tableFromArrays({ x: ROWS, label: LABELS }), 'stream'));
    // The number of rows stands in the batch, and before the number of missing values of every column.
    const places = [...bytes.keys()].filter(
      (at) => at % 8 === 0 && at + 8 <= bytes.length && bytes.readBigInt64LE(at) === 20n,
    );
    assert.ok(places.length >= 3);
    for (const rows of [19n, 2n ** 40n]) {
      const changed = Buffer.from(bytes);
      changed.writeBigInt64LE(rows, places.at(-1));
      await assertProblems(open(write('ragged.arrow', changed)), [/^ragged\.arrow cannot be read as Arrow: /]);
    }
  });

  it('never fails in another way, whatever happened to the file', async () => {
    const random = randomStream(3, 'arrow');
    const whole = [encoded(numbers(), 'file'), encoded(texts(ROWS), 'stream'), lz4Feather, zstdFeather, polarsFile];
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      write('mutated.arrow', mutated(whole[round % whole.length] ?? Buffer.alloc(0), random));
      if (!(await acceptedOrRefused(() => open('mutated.arrow')))) refused++;
    }
    assert.ok(refused > 100, `${refused} of 400 were refused`);
  });
});
