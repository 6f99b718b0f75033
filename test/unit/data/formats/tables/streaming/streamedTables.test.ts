import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Dataset, DatasetOptions } from '../../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../../src/data/random.ts';
import type { Split } from '../../../../../../src/data/samples/split.ts';
import { encodedText } from '../../../../../support/encodedText.ts';
import {
  assertProblems,
  datasetOptions,
  readSamples,
  removeFolder,
  temporaryFolder,
} from '../../../../../support/datasets.ts';

/** More than are understood, of which all with something new among them are, up to ten thousand. */
const COUNT = 14_000;
const HEADER = 'id,when,person,amount,mass,rooms,colour,ticket,note,empty,kind';

/** A row of everything that tables have: numbers with units and marks, dates, groups, rare categories and classes, names, texts. */
function row(index: number): readonly string[] {
  const random = randomStream(index, 'row');
  const word = (words: readonly string[]): string => words[random.integer(words.length)] ?? '';
  const mass = random.normal(50, 20);
  return [
    String(index + 1),
    `${1 + random.integer(28)}.${1 + random.integer(12)}.${2020 + random.integer(4)}`,
    `p${random.integer(700)}`,
    index === 11_500 ? '-' : `$${(1000 * random.uniform(1, 9)).toFixed(2).replace(/^(\d)/, '$1,')}`,
    index % 97 === 0 ? '' : mass.toFixed(3),
    index === 12_111 ? 'inf' : String(random.integer(8)),
    index === 13_000 ? 'violet' : word(['red', 'green', 'blue']),
    `t-${random.word().toString(36)}`,
    `so many words about row ${index} and nothing else`,
    '',
    index === 12_345 ? '' : index % 2000 === 1999 ? 'rare' : mass > 50 ? 'heavy' : 'light',
  ];
}

function csv(indices: readonly number[]): string {
  const lines = indices.map((index) =>
    row(index)
      .map((cell) => (cell.includes(',') ? `"${cell}"` : cell))
      .join(','),
  );
  return `${HEADER}\n${lines.join('\n')}\n`;
}

describe('tables that do not fit into memory', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    const indices = Array.from({ length: COUNT }, (_, index) => index);
    writeFileSync(join(folder, 'all.csv'), csv(indices));
    mkdirSync(join(folder, 'splits'));
    writeFileSync(join(folder, 'splits', 'train.csv'), csv(indices.slice(0, 3000)));
    writeFileSync(join(folder, 'splits', 'test.csv'), csv(indices.slice(12_900)));
  });
  after(() => {
    removeFolder(folder);
  });
  const open = (path: string, memory: number, changes: Partial<DatasetOptions> = {}): Promise<Dataset> =>
    openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed: 3, memory });
  const streamed = (path: string, changes?: Partial<DatasetOptions>): Promise<Dataset> => open(path, 1000, changes);
  const temporary = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.includes(`-${process.pid}-`));
  const messagesOf = (dataset: Dataset): readonly string[] => dataset.findings.map(({ message }) => message);

  async function assertAlike(one: Split, other: Split, width: number): Promise<void> {
    assert.equal(one.count, other.count);
    assert.deepEqual(one.targets, other.targets);
    const random = randomStream(1, 'some samples');
    const indices = Array.from({ length: 500 }, () => random.integer(one.count));
    assert.deepEqual(await readSamples(one, indices, width), await readSamples(other, indices, width));
  }

  /** Whether a dataset read from the disk is what it is in memory, to the last bit. */
  async function assertSame(path: string, changes?: Partial<DatasetOptions>): Promise<Dataset> {
    const held = await open(path, Infinity, changes);
    const dataset = await streamed(path, changes);
    try {
      assert.ok(dataset.training.stream?.blocks && !held.training.stream);
      assert.deepEqual(dataset.task, held.task);
      assert.deepEqual(dataset.preparation, held.preparation);
      assert.deepEqual(dataset.sampleShape, held.sampleShape);
      const [width = 0] = held.sampleShape;
      for (const split of ['training', 'validation', 'test'] as const)
        await assertAlike(dataset[split], held[split], width);
      return dataset;
    } finally {
      await dataset.dispose();
    }
  }

  it('are what they are in memory, and are removed from the disk in the end', async () => {
    const before = temporary();
    const dataset = await assertSame('all.csv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['heavy', 'light', 'rare'] });
    const messages = messagesOf(dataset).join('\n');
    assert.match(messages, /13999 rows do not fit into the memory .* judged by \d+ rows of all\.csv/);
    assert.match(messages, /145 of 13999 values of 'mass' are missing/);
    assert.match(messages, /1 of 14000 rows, line 12347 first, have no value for 'kind'/);
    assert.match(messages, /'id' is left out: it only numbers the rows/);
    assert.match(messages, /'amount' .* '-' \(line 11502\) is taken for a missing value/);
    assert.match(messages, /'rooms' .* 'inf' \(line 12113\)/);
    assert.deepEqual(temporary(), before);
  });

  it('keep groups together, and order by time', async () => {
    await assertSame('splits', { split: { group: 'person' } });
    await assertSame('splits', { split: { time: 'when' } });
  });

  it('keep the splits that files bring, for any target', async () => {
    await assertSame('splits');
    await assertSame('splits', { target: 'mass', columns: { kind: 'category', amount: 'ignore' } });
    await assertSame('splits', { task: 'reconstruction' });
    await assertSame('splits', { limit: 500, exclude: ['rare'] });
  });

  it('may be lines of JSON, Parquet, or Arrow', async () => {
    const names = HEADER.split(',');
    const rows = Array.from({ length: 2500 }, (_, index) => row(index));
    const number = (cell = ''): number | null => (cell === '' ? null : Number(cell));
    const columns = {
      when: rows.map((cells) => cells[1] ?? ''),
      mass: rows.map((cells) => number(cells[4])),
      rooms: rows.map((cells) => number(cells[5])),
      colour: rows.map((cells) => cells[6] ?? ''),
      kind: rows.map((cells) => cells.at(-1) ?? ''),
    };
    const lines = rows.map((cells) =>
      JSON.stringify({
        ...Object.fromEntries(names.map((name, at) => [name, name === 'mass' ? number(cells[at]) : cells[at]])),
        place: { x: Number(cells[5]) / 3 },
        list: [Number(cells[5]), 1 / (1 + Number(cells[5]))],
      }),
    );
    writeFileSync(join(folder, 'rows.jsonl'), lines.join('\n'));
    const arrow = tableToIPC(tableFromArrays(columns), { format: 'file' });
    writeFileSync(join(folder, 'rows.arrow'), arrow ?? new Uint8Array());
    const columnData = Object.entries(columns).map(([name, data]) => ({ name, data }));
    writeFileSync(join(folder, 'rows.parquet'), Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 1000 })));
    const options = { target: 'kind' };
    await assertSame('rows.jsonl', options);
    await assertSame('rows.arrow', options);
    await assertSame('rows.parquet', options);
  });

  it('are refused with the lines that do not fit', async () => {
    const lines = Array.from({ length: 14_000 }, (_, index) => `${index / 7},${index % 2}`);
    lines[13_000] = '3,1,4';
    lines[13_500] = 'about 5,1';
    writeFileSync(join(folder, 'bad.csv'), `x,y\n${lines.join('\n')}\n`);
    const before = temporary();
    await assertProblems(streamed('bad.csv'), [/Line 13002 of bad\.csv has 3 cells, but the header has 2/]);
    lines[13_000] = '3,1';
    writeFileSync(join(folder, 'bad.csv'), `x,y\n${lines.join('\n')}\n`);
    await assertProblems(streamed('bad.csv'), [/Line 13502 of bad\.csv has 'about 5' in the column 'x'/]);
    assert.deepEqual(temporary(), before);
  });

  it('leave out columns whose words turn out to be too many', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `${index / 7},w${index % 1200},${index % 2}`);
    writeFileSync(join(folder, 'words.csv'), `x,word,y\n${lines.join('\n')}\n`);
    const dataset = await assertSame('words.csv');
    assert.match(messagesOf(dataset).join('\n'), /'word' is left out/);
  });

  it('are refused where their samples are texts', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `row ${index} has these words and others,${index % 2}`);
    writeFileSync(join(folder, 'texts.csv'), `text,label\n${lines.join('\n')}\n`);
    await assertProblems(streamed('texts.csv'), [/The samples of texts\.csv are texts, which are held in memory/]);
    assert.equal((await open('texts.csv', Infinity)).samples.kind, 'tokens');
  });

  it('compare training and test later on', async () => {
    const dataset = await streamed('splits', { target: 'kind', columns: { note: 'ignore' } });
    assert.ok(dataset.examineLater);
    assert.deepEqual(await dataset.examineLater(new AbortController().signal), []);
    await dataset.dispose();
  });

  it('may lie in several files that are called alike but for numbers, in any encoding', async () => {
    const indices = Array.from({ length: COUNT }, (_, index) => index);
    mkdirSync(join(folder, 'parts'));
    // Numbers count: part 10 comes after part 9.
    const bounds = [0, 2000, 9000, COUNT];
    const texts = [1, 9, 10].map((number, at) => [number, csv(indices.slice(bounds[at], bounds[at + 1]))] as const);
    for (const [number, text] of texts) writeFileSync(join(folder, 'parts', `part-${number}.csv`), text);
    const dataset = await assertSame('parts');
    const whole = await open('all.csv', 2 ** 30);
    assert.ok(whole.preparation.kind === 'table');
    await assertAlike(dataset.training, whole.training, whole.sampleShape[0] ?? 0);
    assert.match(messagesOf(dataset).join('\n'), /one table: 3 files, part-1\.csv to part-10\.csv/);
    for (const [number, text] of texts) {
      const russian = text.replaceAll('heavy', 'тяжёлый').replaceAll('light', 'лёгкий');
      writeFileSync(join(folder, 'parts', `part-${number}.csv`), encodedText(russian, 'koi8-r'));
    }
    const { task } = await assertSame('parts');
    assert.deepEqual(task, { kind: 'classification', classes: ['rare', 'лёгкий', 'тяжёлый'] });
    writeFileSync(join(folder, 'parts', 'part-11.csv'), 'a,b\n1,2\n');
    await assertProblems(open('parts', 2 ** 30), [/part-11\.csv has other columns than part-1\.csv/]);
  });
});
