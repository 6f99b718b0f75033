import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../../../support/dataFolder.ts';
import { assertProblems, labelsOf } from '../../../../support/datasets.ts';

describe('text folders', () => {
  const data = dataFolder('test', { length: 8 });
  const { write, open } = data;

  it('have a folder for every class, below those of the splits', async () => {
    for (let index = 0; index < 10; index++) {
      for (const split of ['train', 'test']) {
        write(`${split}/neg/${index}.txt`, `A dull film, ${index}.\nVery slow.`);
        write(`${split}/pos/${index}.txt`, `A fine film, ${index}.\nVery quick.`);
      }
    }
    const dataset = await open();
    assert.equal(dataset.format, 'text folders');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['neg', 'pos'] });
    assert.equal(dataset.samples.kind, 'tokens');
    assert.deepEqual([...labelsOf(dataset.test)], [...Array<number>(10).fill(0), ...Array<number>(10).fill(1)]);
    assert.equal(dataset.training.count + dataset.validation.count, 20);
  });

  it('may lie there directly', async () => {
    for (let index = 0; index < 10; index++) write(`${index % 2 === 0 ? 'a' : 'b'}/${index}.txt`, `words ${index}`);
    const dataset = await open();
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [7, 1, 2]);
  });

  it('may have no ending, other encodings, and a folder that is no class', async () => {
    for (let index = 0; index < 10; index++) {
      write(`alt.cars/${51_000 + index}`, `Subject: a car ${index}`);
      write(`sci.space/${60_000 + index}`, Buffer.from(`Größe ${index}`, 'latin1'));
      write(`unsup/${index}`, `no class ${index}`);
    }
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['alt.cars', 'sci.space'] });
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [14, 2, 4]);
    const told = dataset.findings.map(({ message }) => message).join('\n');
    assert.match(told, /unsup have no class and are not used/);
    assert.match(told, /not UTF-8, .*60000 first, were read as windows-1252/);
  });

  it('may lie in a folder of their own, as archives are unpacked', async () => {
    for (const name of ['business', 'tech'])
      for (let at = 0; at < 10; at++) write(`bbc/news/${name}/${at}.txt`, `${name} number ${at}`);
    write('README.txt', 'News of a year.');
    assert.deepEqual((await open()).task, { kind: 'classification', classes: ['business', 'tech'] });
    rmSync(join(data.folder, 'bbc'), { recursive: true });
    for (const name of ['enron1', 'enron2'])
      for (const inner of ['ham', 'spam']) write(`${name}/${inner}/1.txt`, 'hello');
    await assertProblems(open(), [/have no texts in them, only folders/]);
  });

  it('are refused with the name of what is none', async () => {
    write('a/1.txt', 'fine');
    write('b/1.txt', Buffer.from([0, 1, 2]));
    await assertProblems(open(), [/b\/1\.txt is no text/]);
  });
});
