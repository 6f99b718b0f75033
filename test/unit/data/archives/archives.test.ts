import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import type { Dataset, DatasetOptions } from '../../../../src/data/dataset.ts';
import { withUnpacked } from '../../../../src/data/archives/withUnpacked.ts';
import { tables } from '../../../../src/data/formats/tables/textTableFormat.ts';
import { locate } from '../../../../src/data/location.ts';
import { openDataset } from '../../../../src/data/openDataset.ts';
import {
  assertProblems,
  bmpFile,
  datasetOptions,
  problemsOf,
  removeFolder,
  temporaryFolder,
} from '../../../support/datasets.ts';

/** A table of 40 rows; `first` makes it another one. */
function csv(first = 0): string {
  const rows = Array.from(
    { length: 40 },
    (_, row) => `${Math.sin(first + row)},${row % 7},${row % 2 === 0 ? 'a' : 'b'}`,
  );
  return ['x,y2,label', ...rows, ''].join('\n');
}

async function tarOf(files: Readonly<Record<string, string | Buffer>>, link?: string): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  if (link !== undefined) archive.entry({ name: 'link.csv', type: 'symlink', linkname: link });
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.from(
    zipSync(
      Object.fromEntries(Object.entries(files).map(([name, content]) => [name, new Uint8Array(Buffer.from(content))])),
    ),
  );
}

const leftInTemporaryFolder = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`distillery-unpacked-${process.pid}-`));

describe('Archives', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
    assert.deepEqual(leftInTemporaryFolder(), []);
  });
  const write = (name: string, content: string | Buffer): string => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    return name;
  };
  const open = (path: string, changes: Partial<DatasetOptions> = {}): Promise<Dataset> =>
    openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed: 0 });
  const told = ({ findings }: Dataset): string => findings.map(({ message }) => message).join('\n');

  it('are read as what is in them', async () => {
    const plain = await open(write('plain.csv', csv()));
    const table = { 'deep/er/plain.csv': csv() };
    for (const name of [
      write('one.csv.gz', gzipSync(csv())),
      write('one.zip', zipOf({ ...table, '__MACOSX/deep/._plain.csv': 'x', 'deep/README.md': 'Words.' })),
      write('one.tar', await tarOf(table)),
      write('one.tgz', gzipSync(await tarOf(table))),
      write('twice.zip', zipOf({ 'one.csv.gz': gzipSync(csv()) })),
    ]) {
      const dataset = await open(name);
      assert.equal(dataset.format, 'CSV', name);
      assert.deepEqual(dataset.preparation, plain.preparation, name);
      assert.equal(dataset.training.count, plain.training.count, name);
    }
  });

  it('bring train and test tables, packed together or each for itself', async () => {
    const paths = [
      write('both.zip', zipOf({ 'train.csv': csv(), 'test.csv': csv(100) })),
      dirname(write('each/train.csv.gz', gzipSync(csv()))),
      dirname(write('mixed/train.csv.zip', zipOf({ 'train.csv': csv() }))),
    ];
    write('each/test.csv.gz', gzipSync(csv(100)));
    write('mixed/test.csv', csv(100));
    for (const path of paths) assert.equal((await open(path)).test.count, 40, path);
  });

  it('are asked about where tables have nothing to do with each other', async () => {
    const name = write('several.zip', zipOf({ 'b.csv': csv(1), 'a.csv': csv() }));
    const [problem] = await problemsOf(open(name));
    assert.match(problem?.message ?? '', /several\.zip has 2 tables, and none is called train: a\.csv, b\.csv/);
    assert.match(problem?.hint ?? '', /dataset\.table/);
    assert.equal((await open(name, { table: 'b.csv' })).training.count > 0, true);
    await assertProblems(open(name, { table: 'c.csv' }), [/several\.zip has no 'c\.csv'/], 'dataset.table');
    const apart = write('apart.zip', zipOf({ 'one/b.csv': csv(1), 'two/a.csv': csv() }));
    await assertProblems(open(apart), [/apart\.zip has 2 tables: one\/b\.csv, two\/a\.csv/]);
  });

  it('bring series with their test, though one of them lies there in another form, too', async () => {
    const ts = (rows: number): string =>
      ['@problemName made', '@classLabel true a b', '@data']
        .concat(Array.from({ length: rows }, (_, row) => `${'0,1,'.repeat(8)}${row}:${row % 2 === 0 ? 'a' : 'b'}`))
        .join('\n');
    const other = Array.from({ length: 40 }, (_, row) =>
      [row % 2, ...Array.from({ length: 17 }, () => row)].join('\t'),
    );
    const made = { 'Made_TRAIN.ts': ts(20), 'Made_TEST.ts': ts(12), 'Made_TRAIN.tsv': other.join('\n') };
    const dataset = await open(write('series.tar', await tarOf(made)));
    assert.deepEqual([dataset.format, dataset.test.count], ['time series', 12]);
    const two = write('series.zip', zipOf({ ...made, 'Next_TRAIN.ts': ts(20), 'Next_TEST.ts': ts(10) }));
    const [problem] = await problemsOf(open(two));
    assert.match(problem?.message ?? '', /series of 2 names: Made, Next/);
    assert.equal(problem?.hint, 'Say in dataset.table which one is meant, such as Made_TRAIN.ts.');
    assert.equal((await open(two, { table: 'Next_TRAIN.ts' })).test.count, 10);
  });

  it('tell what of them is not read', async () => {
    const dataset = await open(write('aside.zip', zipOf({ 'iris.csv': csv(), 'iris.names': 'Words.' })));
    assert.match(told(dataset), /Of aside\.zip, iris\.csv is read; iris\.names is not/);
    const linked = await open(write('linked.tar', await tarOf({ 'iris.csv': csv() }, '/etc/passwd')));
    assert.match(told(linked), /Links and devices in linked\.tar are left out: 1/);
  });

  it('bring images', async () => {
    const image = (grey: number) => bmpFile({ width: 1, height: 1, bits: 24, rows: [grey, grey, grey, 0] });
    const files = Object.fromEntries(
      ['cat', 'dog'].flatMap((name) =>
        Array.from({ length: 10 }, (_, index) => [`pets/${name}/${index}.bmp`, image(index)]),
      ),
    );
    const path = write('pets.zip', zipOf(files));
    assert.deepEqual((await open(path)).task, { kind: 'classification', classes: ['cat', 'dog'] });
  });

  it('stay unpacked as long as samples are read from the files', async () => {
    const wishes = { isData: () => true, wanted: undefined, signal: undefined };
    const location = await locate(write('one.zip', zipOf({ 'plain.csv': csv() })), folder);
    let unpacked = '';
    const source = await withUnpacked(location, wishes, async (inside) => {
      unpacked = join(inside.folder, inside.file ?? '');
      const opened = await tables.open(inside, { baseDirectory: folder, seed: 0 }, datasetOptions(''));
      return { ...opened, dispose: () => Promise.resolve() };
    });
    assert.equal(existsSync(unpacked), true);
    await source.dispose?.();
    assert.equal(existsSync(unpacked), false);
  });

  it('also unlabelled', async () => {
    write('plain.csv', csv());
    const dataset = await open('plain.csv', { unlabelled: write('more.csv.gz', gzipSync(csv(7))) });
    assert.equal(dataset.unlabelled?.count, 40);
  });

  it('are refused where they are damaged, hostile or packed otherwise', async () => {
    const whole = zipOf({ 'train.csv': csv() });
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, 60, 90);
    const bomb = Buffer.from(whole);
    // The size that the entry of the directory at the end announces.
    bomb.writeUInt32LE(2 ** 27, bomb.lastIndexOf('PK\u0001\u0002') + 24);
    const cases: readonly (readonly [string, Buffer, RegExp])[] = [
      ['short.zip', whole.subarray(0, -30), /short\.zip cannot be unpacked/],
      ['damaged.zip', damaged, /damaged\.zip cannot be unpacked/],
      ['short.csv.gz', gzipSync(csv()).subarray(0, -20), /short\.csv\.gz cannot be unpacked/],
      ['no.gz', Buffer.from('no'), /no\.gz cannot be unpacked/],
      ['empty.zip', zipOf({}), /empty\.zip is empty/],
      ['out.zip', zipOf({ '../out.csv': csv() }), /out\.zip cannot be unpacked/],
      ['out.tar', await tarOf({ '../out.csv': csv() }), /out\.tar cannot be unpacked: it names '\.\.\/out\.csv'/],
      [
        'bomb.csv.gz',
        gzipSync(Buffer.alloc(2 ** 26 + 1), { level: 1 }),
        /bomb\.csv\.gz cannot be unpacked: \d+ packed bytes would become/,
      ],
      ['bomb.zip', bomb, /bomb\.zip cannot be unpacked: \d+ packed bytes would become/],
      ['other.tar.xz', Buffer.from('x'), /other\.tar\.xz is packed in a way/],
    ];
    for (const [name, content, pattern] of cases) await assertProblems(open(write(name, content)), [pattern]);
  });
});
