import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { assertProblems, datasetOptions, labelsOf } from '../../../../support/datasets.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const TAGS = '#made for a test\n@problemName Made\n@timeStamps false\n@classLabel true up down\n@data\n';

describe('files of time series', () => {
  const data = dataFolder('test');
  const { open } = data;
  const write = (name: string, text: string): void => {
    writeFileSync(join(data.folder, name), text);
  };
  const rows = (count: number, row: (index: number) => string): string =>
    `${Array.from({ length: count }, (_, index) => row(index)).join('\n')}\n`;
  const twoChannels = (index: number): string =>
    index % 2 === 0 ? `${index},2,3,4:9,9,9,9:up` : `4,3,2,${index}:0,0,0,0:down`;
  const sampleOf = async (
    split: { read(indices: number[], target: Float32Array): Promise<void> },
    size: number,
    index = 0,
  ) => {
    const values = new Float32Array(size);
    await split.read([index], values);
    return [...values];
  };
  const toldBy = ({ findings }: { findings: readonly { message: string }[] }): string =>
    findings.map(({ message }) => message).join('\n');

  it('of the UEA archive have channels, classes and a test of their own', async () => {
    write('Made_TRAIN.ts', TAGS + rows(20, twoChannels));
    write('Made_TEST.ts', TAGS + rows(4, twoChannels));
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['down', 'up'] });
    assert.deepEqual([...dataset.sampleShape], [2, 4]);
    assert.deepEqual([...labelsOf(dataset.test)], [1, 0, 1, 0]);
    assert.deepEqual(await sampleOf(dataset.test, 8, 2), [2, 2, 3, 4, 9, 9, 9, 9]);
    assert.equal(dataset.training.count + dataset.validation.count, 20);
  });

  it('are brought to mean 0 and deviation 1 by channel where nothing takes them as they are', async () => {
    write(
      'Made_TRAIN.ts',
      TAGS + rows(20, (index) => `${index},${index},7,7:1,1,1,1:${index % 2 === 0 ? 'up' : 'down'}`),
    );
    write('Made_TEST.ts', `${TAGS}8.25,7,7,7:1,1,3,1:up\n`);
    const options = datasetOptions('.', { normalization: 'auto' });
    const dataset = await openDataset(options, { baseDirectory: data.folder, seed: 0 });
    const { preparation } = dataset;
    const statistics = preparation.kind === 'arrays' ? preparation.normalization : null;
    assert.ok(statistics);
    // Half of the values are those of 0…19, the other half are 7.
    const deviation = Math.sqrt((33.25 + 2.5 ** 2 / 2) / 2);
    assert.deepEqual(statistics.mean, [8.25, 1]);
    assert.ok(Math.abs((statistics.std[0] ?? 0) - deviation) < 1e-6);
    assert.equal(statistics.std[1], 1);
    const [first, second, ...others] = await sampleOf(dataset.test, 8);
    assert.equal(first, 0);
    assert.ok(Math.abs((second ?? 0) + 1.25 / deviation) < 1e-6);
    assert.deepEqual(others.slice(2), [0, 0, 2, 0]);
    assert.match(toldBy(dataset), /brought to mean 0 and deviation 1 by channel; dataset\.normalization 'none'/);
  });

  it('may have numbers to predict, which are scaled', async () => {
    const tags = TAGS.replace('@classLabel true up down', '@targetLabel true');
    write('Made_TRAIN.ts', tags + rows(20, (index) => `${index},2,3,4:${index % 2 === 0 ? 1.5 : 3.5}`));
    write('Made_TEST.ts', `${tags}1,2,3,4:2.5\n1,2,3,4:4.5\n`);
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'regression', targets: ['target'] });
    const { targets } = dataset.test;
    assert.deepEqual(targets.kind === 'values' && [...targets.values], [0, 2]);
    const { preparation } = dataset;
    assert.deepEqual(preparation.kind === 'arrays' && preparation.targets, [{ name: 'target', mean: 2.5, std: 1 }]);
    assert.match(toldBy(dataset), /The number to predict is the last entry of a series/);
    write('Made_TEST.ts', `${TAGS}1,2,3,4:up\n`);
    await assertProblems(open(), [/One of Made_TRAIN\.ts and Made_TEST\.ts has classes, the other one numbers/]);
    write('Made_TEST.ts', `${tags}1,2,3,4:up\n`);
    await assertProblems(open(), [/Line 6 of Made_TEST\.ts has 'up' after its last colon, which is no number/]);
  });

  it('may have missing values and other lengths, which is told', async () => {
    write('Made_TRAIN.ts', TAGS + rows(20, (index) => `1,2,3,4,5:${index % 2 === 0 ? 'up' : 'down'}`));
    write('Made_TEST.ts', `${TAGS}1,?,?,4,5:up\n7,8:down\n1,2,3,4,5,6:up\n`);
    const dataset = await open('Made_TRAIN.ts');
    assert.deepEqual(await sampleOf(dataset.test, 5), [1, 2, 3, 4, 5]);
    assert.deepEqual(await sampleOf(dataset.test, 5, 1), [7, 8, 8, 8, 8]);
    assert.match(toldBy(dataset), /2 values are missing.*\n.*1 series are shorter.*\n.*1 series are longer/);
  });

  it('of the UCR archive have the class first', async () => {
    const more = Array.from({ length: 13 }, (_, index) => index);
    const line = (index: number): string => [`${1 + (index % 2)}.0000000e+00`, index, 3.5, ...more].join('\t');
    write('Made_TRAIN.tsv', rows(20, line));
    write('Made_TEST.tsv', rows(4, line));
    const dataset = await open('Made_TRAIN.tsv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['1', '2'] });
    assert.deepEqual([...labelsOf(dataset.test)], [0, 1, 0, 1]);
    assert.deepEqual([...dataset.sampleShape], [1, 15]);
    assert.deepEqual(await sampleOf(dataset.test, 15, 3), [3, 3.5, ...more]);
  });

  it('are refused with the lines that are wrong', async () => {
    write('Made_TRAIN.ts', `${TAGS}1,2:up\n1,2\n3,4:down\n`);
    await assertProblems(open(), [/Line 7 of Made_TRAIN\.ts has no class/]);
    write('Made_TRAIN.ts', `${TAGS}1,2:up\n3,4:5,6:down\n`);
    await assertProblems(open(), [/Some series have 1 channels, others 2/]);
    write('Made_TRAIN.ts', '@classLabel true up 1.0\n@data\n1,2:up\n3,4:1\n5,6:sideways\n:up\n');
    await assertProblems(open(), [
      /Line 5 of Made_TRAIN\.ts has the class 'sideways', which @classLabel does not name/,
      /Line 6 of Made_TRAIN\.ts has a channel without values/,
    ]);
    write('Made_TRAIN.ts', '@timeStamps true\n@data\n');
    await assertProblems(open(), [/time stamps cannot be read/]);
    write('Other_TRAIN.ts', TAGS);
    await assertProblems(open(), [/series of 2 names: Made, Other/]);
  });

  it('lie in the archive beside the same in ARFF, by channel too, and a text about them', async () => {
    for (const split of ['TRAIN', 'TEST']) {
      write(`Made_${split}.ts`, TAGS + rows(10, (index) => `1,2,3:${index}:${index % 2 === 0 ? 'up' : 'down'}`));
      for (const name of ['Made', 'MadeDimension1'])
        write(`${name}_${split}.arff`, '@relation made\n@attribute t numeric\n@attribute way {up,down}\n@data\n1,up\n');
    }
    write('Made.txt', 'Made of nothing.');
    const dataset = await open();
    assert.deepEqual([dataset.format, dataset.test.count], ['time series', 10]);
  });

  it('are no tables that are only called so', async () => {
    write(
      'Fruit_TRAIN.tsv',
      `mass\tkind\n${rows(20, (index) => `${index * 7}.5\t${index % 2 === 0 ? 'apple' : 'pear'}`)}`,
    );
    const dataset = await open('Fruit_TRAIN.tsv');
    assert.equal(dataset.preparation.kind, 'table');
  });

  it('are no programs, which have the same ending', async () => {
    write('program.ts', 'export const data = 1;\n');
    await assertProblems(open('program.ts'), [/is no dataset that is known/]);
  });
});
