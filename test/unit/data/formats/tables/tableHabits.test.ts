import assert from 'node:assert/strict';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { assertProblems } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

describe('tables with the habits of collections', () => {
  const data = dataFolder('test');
  const { open, write } = data;
  const columns = ({ preparation }: Dataset): readonly string[] =>
    preparation.kind === 'table' ? preparation.columns.map(({ name }) => name) : [];
  const rows = (count: number, row: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => `${row(index)}\n`).join('');

  it('have samples and targets in the folders of the splits, as human activity of UCI', async () => {
    const root = 'UCI HAR Dataset';
    write(`${root}/activity_labels.txt`, '1 WALKING\n2 SITTING\n');
    write(`${root}/features.txt`, '1 mean-X\n2 energy-1,8\n3 energy-1,8\n');
    write(`${root}/README.txt`, 'Words.\n');
    for (const [split, count] of [
      ['train', 60],
      ['test', 20],
    ] as const) {
      write(
        `${root}/${split}/X_${split}.txt`,
        rows(count, (index) => `  ${(index / 7).toExponential(7)} ${-index}e-1  ${index % 5}`),
      );
      write(
        `${root}/${split}/y_${split}.txt`,
        rows(count, (index) => String(1 + (index % 2))),
      );
      write(
        `${root}/${split}/subject_${split}.txt`,
        rows(count, (index) => String(1 + Math.floor(index / 10))),
      );
      write(
        `${root}/${split}/Inertial Signals/body_acc_x_${split}.txt`,
        rows(count, () => '0 1 2'),
      );
    }
    const dataset = await open('.');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['SITTING', 'WALKING'] });
    assert.deepEqual(columns(dataset), ['mean-X', 'energy-1,8', 'energy-1,8 (3)']);
    assert.deepEqual([dataset.training.count + dataset.validation.count, dataset.test.count], [60, 20]);
    // Six subjects of ten samples each.
    assert.equal(dataset.validation.count % 10, 0);
    assert.match(
      toldOf(dataset),
      /rows of train.X_train\.txt belong to those of train.y_train\.txt.*Samples of one subject/,
    );
  });

  it('have columns of the same name, which are called as pandas calls them', async () => {
    const dataset = await open(
      write(
        'twice.csv',
        `a,a,a.1,label\n${rows(40, (index) => `${index % 7},${(index * index) % 11},${index % 5},${index % 2 ? 'x' : 'y'}`)}`,
      ),
    );
    assert.deepEqual(columns(dataset), ['a', 'a.2', 'a.1']);
    assert.match(toldOf(dataset), /columns of the same name, of which the later are called 'a\.2'/);
  });

  it('have backslashes before quotation marks inside of cells, and no others', async () => {
    const escaped = rows(
      40,
      (row) => String.raw`${row},"she said \"well, ${row}\" to us, C:\\",${row % 2 ? 'x' : 'y'}`,
    );
    const dataset = await open(write('escaped.csv', `id,text,label\n${escaped}`), {
      columns: { text: 'text' },
      length: 16,
    });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['x', 'y'] });
    assert.ok(dataset.preparation.kind === 'text' && dataset.preparation.tokens.kind === 'words');
    assert.deepEqual(dataset.preparation.tokens.words.slice(0, 6).sort(), ['c', 'said', 'she', 'to', 'us', 'well']);
    assert.match(toldOf(dataset), /backslashes before quotation marks inside of cells/);
    // JSON in a cell, and a path that ends in a backslash, have quotation marks that are doubled.
    const doubled = rows(40, (row) => String.raw`"{""a"": ""say \""no\"" ${row}""}","C:\",${row % 2 ? 'x' : 'y'}`);
    const other = await open(write('doubled.csv', `note,path,label\n${doubled}`), { columns: { note: 'text' } });
    assert.doesNotMatch(toldOf(other), /backslashes/);
  });

  it('have cells in single quotes', async () => {
    const text = `a,b,label\n${rows(40, (index) => `${index % 7},'it, is ${index % 3}','${index % 2 ? 'x' : 'y'}'`)}`;
    const dataset = await open(write('single.csv', text), { columns: { b: 'category' } });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['x', 'y'] });
    assert.match(toldOf(dataset), /cells in single quotes/);
    const words = await open(
      write('words.csv', `label,text\n${rows(40, (index) => `${index % 2},don't say it's ${index}`)}`),
    );
    assert.doesNotMatch(toldOf(words), /single quotes/);
  });

  it('have a line drawn below the names, two colons between cells, or the end that DOS gave texts', async () => {
    const drawn = await open(
      write(
        'drawn.txt',
        `STATION PRCP TMAX\n------- ---- ----\n${rows(40, (index) => `S${index % 3} ${index % 7} ${(index * index) % 50}`)}`,
      ),
      { target: 'STATION' },
    );
    assert.deepEqual(columns(drawn), ['PRCP', 'TMAX']);
    assert.equal(drawn.training.count + drawn.validation.count + drawn.test.count, 40);
    const colons = await open(
      write(
        'ratings.dat',
        rows(60, (index) => `${index % 7}::${index % 11}::${1 + (index % 5)}::${978_300_760 + index}`),
      ),
    );
    // Moments are not what is predicted.
    assert.match(toldOf(colons), /two colons between cells/);
    assert.match(toldOf(colons), /'column 3' of ratings\.dat is predicted/);
    const dos = await open(
      write(
        'dos.csv',
        `a,b,label\r\n${rows(40, (index) => `${index % 7},${(index * index) % 11},${index % 2 ? 'x' : 'y'}\r`)}\x1a`,
      ),
    );
    assert.equal(dos.training.count + dos.validation.count + dos.test.count, 40);
  });

  it('have what they are about above wide tables of years', async () => {
    const years = Array.from({ length: 6 }, (_, year) => `"${1990 + year}"`).join(',');
    const text = `"Data Source","Indicators",\n\n"Last Updated","2024-01-01",\n\n"Country","Code",${years},\n${rows(40, (index) => `"Land ${index}","L${index}",${Array.from({ length: 6 }, (_, year) => `"${index * 7 + year}"`).join(',')},`)}`;
    const dataset = await open(write('wide.csv', text));
    assert.deepEqual(dataset.task, { kind: 'regression', targets: ['1995'] });
    assert.match(toldOf(dataset), /the first 2 lines are no part of the table/);
  });

  it('are divided by their endings, also where the classes of the test end with full stops', async () => {
    const row =
      (stop: string) =>
      (index: number): string =>
        `${index % 7}, ${(index * index) % 11}, ${index % 2 ? '>50K' : '<=50K'}${stop}`;
    write('adult/adult.data', rows(40, row('')));
    write('adult/adult.test', `|1x3 Cross validator\n${rows(20, row('.'))}`);
    write('adult/adult.names', '| Words.\n');
    const adult = await open('adult');
    assert.deepEqual(
      [adult.brings.test, adult.test.count, adult.task],
      [true, 20, { kind: 'classification', classes: ['<=50K', '>50K'] }],
    );
    write(
      'sat/sat.trn',
      rows(40, (index) => `${index % 7} ${(index * index) % 11} ${1 + (index % 3)}`),
    );
    write(
      'sat/sat.tst',
      rows(20, (index) => `${index % 7} ${(index * index) % 11} ${1 + (index % 3)}`),
    );
    write('sat/sat.doc', 'Words.');
    assert.equal((await open('sat')).test.count, 20);
    write(
      'kdd/KDDTrain+.txt',
      rows(40, (index) => `${index % 7},tcp,${index % 2 ? 'normal' : 'neptune'}`),
    );
    write(
      'kdd/KDDTest+.txt',
      rows(20, (index) => `${index % 7},tcp,${index % 2 ? 'normal' : 'neptune'}`),
    );
    assert.equal((await open('kdd')).test.count, 20);
  });

  it('are read whatever the file is called, and pickles without an ending are refused', async () => {
    const dataset = await open(
      write(
        'kddcup.data_10_percent',
        rows(40, (index) => `${index % 7},tcp,${index % 2 ? 'normal.' : 'smurf.'}`),
      ),
    );
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['normal.', 'smurf.'] });
    for (const name of ['train', 'test', 'meta'])
      write(`cifar-100-python/${name}`, Buffer.from([0x80, 2, 0x7d, 0x71, 1]));
    await assertProblems(open('cifar-100-python'), [/meta is a pickle/]);
  });

  it('are GeoJSON, and folders of texts whose names differ in the split alone', async () => {
    const features = Array.from({ length: 40 }, (_, index) => ({
      type: 'Feature',
      properties: { size: index % 7, kind: index % 2 ? 'quake' : 'blast' },
      geometry: { type: 'Point', coordinates: [index / 3, (index * index) % 13] },
    }));
    const places = write('places.geojson', JSON.stringify({ type: 'FeatureCollection', features }));
    const dataset = await open(places, { target: 'properties.kind' });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['blast', 'quake'] });
    assert.deepEqual(columns(dataset), ['properties.size', 'geometry.coordinates[0]', 'geometry.coordinates[1]']);
    for (const split of ['train', 'test'])
      for (const name of ['alt.atheism', 'sci.space'])
        for (let index = 0; index < 6; index++)
          write(`news/20news-bydate-${split}/${name}/${split}${index}`, `words of ${name} ${split} ${index}`);
    const news = await open('news');
    assert.deepEqual(
      [news.task, news.test.count],
      [{ kind: 'classification', classes: ['alt.atheism', 'sci.space'] }, 12],
    );
  });

  it('have exponents of Fortran, quoted names, and Parquet files of other names', async () => {
    const fortran = await open(
      write(
        'f.dat',
        rows(
          40,
          (index) =>
            ` ${(index * 1.5).toExponential(4).replace('e', 'D')} ${(index / 7).toExponential(3).replace('e', 'd')} ${index % 2}`,
        ),
      ),
    );
    assert.deepEqual(columns(fortran), ['column 1', 'column 2']);
    assert.deepEqual(
      columns(
        await open(
          write(
            'named.csv',
            `'a','b','label'\n${rows(40, (index) => `${index % 7},${(index * index) % 11},${index % 2 ? 'x' : 'y'}`)}`,
          ),
        ),
      ),
      ['a', 'b'],
    );
    const columnData = [
      { name: 'a', data: Array.from({ length: 40 }, (_, index) => (index * index) % 11) },
      { name: 'label', data: Array.from({ length: 40 }, (_, index) => (index % 2 ? 'x' : 'y')) },
    ];
    const parquet = await open(write('data.parquet.gzip', new Uint8Array(parquetWriteBuffer({ columnData }))));
    assert.deepEqual([parquet.format, columns(parquet)], ['Parquet', ['a']]);
    await assertProblems(open(write('data.yaml', '- {a: 1}\n- {a: 2}\n')), [/data\.yaml is a YAML file/]);
  });

  it('are chosen in archives as in folders, and listed where none is called train', async () => {
    const row = (index: number): string => `${index % 7}, ${(index * index) % 11}, ${index % 2 ? 'a' : 'b'}`;
    const pack = (files: Readonly<Record<string, string>>): Uint8Array =>
      zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));
    const adult = pack({
      'adult.data': rows(40, row),
      'adult.test': rows(20, row),
      'adult.names': 'Words.',
      Index: 'Words.',
    });
    assert.equal((await open(write('adult.zip', adult))).test.count, 20);
    const labelled = (index: number): string =>
      `It was a good case, of excellent value and ${index} more words.\t${index % 2}`;
    const several = { 'amazon_labelled.txt': rows(20, labelled), 'imdb_labelled.txt': rows(20, labelled) };
    await assertProblems(open(write('several.zip', pack(several))), [
      /2 files that are tables of text, and none is called train: amazon_labelled\.txt, imdb_labelled\.txt/,
    ]);
    for (const [name, text] of Object.entries(several)) write(`several/${name}`, text);
    await assertProblems(open('several'), [/2 files that are tables of text/]);
    assert.equal((await open('several/imdb_labelled.txt')).preparation.kind, 'text');
    for (const name of ['page 1', 'page 2'])
      write(
        `classes/${name}.txt`,
        rows(20, (index) => `a film${' really'.repeat(index % 4)} ${name} ${index}`),
      );
    await assertProblems(open('classes'), [
      /2 files of text, page 1\.txt, page 2\.txt, and nothing says what they are/,
    ]);
  });

  it('have labels of −1 and 1 that may come together, which is told', async () => {
    const text = `a,Smiling,Male\n${rows(40, (index) => `${(index * index) % 11},${index % 2 ? 1 : -1},${index % 3 ? 1 : -1}`)}`;
    const dataset = await open(write('faces.csv', text), { target: ['Smiling', 'Male'] });
    assert.deepEqual(dataset.task, { kind: 'multi-label', classes: ['Smiling', 'Male'] });
    assert.match(toldOf(dataset), /hold −1 and 1, such as 'Smiling'; −1 is taken for 0/);
    assert.ok(dataset.training.targets.kind === 'values');
    assert.deepEqual([...new Set(dataset.training.targets.values)].sort(), [0, 1]);
  });
});
