import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, labelsOf, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { wordPieceFile } from '../../../../support/tokenizerFile.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const REVIEWS = Array.from({ length: 60 }, (_, row) =>
  row % 2 === 0
    ? [`A wonderful film, number ${row}: warm and clever.`, 'good']
    : [`What a dull film! Number ${row} was slow.`, 'bad'],
);

describe('texts', () => {
  const data = dataFolder('suite', { length: 12 });
  const { open, write } = data;
  before(() => {
    write('reviews.tsv', REVIEWS.map((cells) => cells.join('\t')).join('\n'));
  });

  it('may come after their labels, without a header', async () => {
    const dataset = await open(write('messages.tsv', REVIEWS.map(([text, label]) => `${label}\t${text}`).join('\n')));
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['bad', 'good'] });
    assert.equal(dataset.samples.kind, 'tokens');
    assert.match(dataset.findings.map(({ message }) => message).join(' '), /is predicted, as the others have texts/);
  });

  it('may be pairs of sentences after a score, which is a regression', async () => {
    const pair = (row: number): string =>
      `${(row % 11) / 2}\tA cat number ${row} sits on a mat\tA dog number ${row * 3} lies on the floor`;
    const dataset = await open(write('pairs.tsv', Array.from({ length: 60 }, (_, row) => pair(row)).join('\n')));
    assert.equal(dataset.task.kind, 'regression');
    assert.equal(dataset.preparation.kind === 'text' && dataset.preparation.columns.length, 2);
  });

  it('with labels become tokens of the words of the training split', async () => {
    const dataset = await open('reviews.tsv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['bad', 'good'] });
    assert.deepEqual(dataset.sampleShape, [12]);
    const { preparation, samples } = dataset;
    assert.ok(preparation.kind === 'text' && preparation.tokens.kind === 'words' && samples.kind === 'tokens');
    const { words } = preparation.tokens;
    assert.deepEqual([samples.vocabulary, samples.padding], [2 + words.length, 0]);
    assert.deepEqual(words.slice(0, 3).sort(), ['a', 'film', 'number']);
    const tokens = [...(await readSamples(dataset.training, [0], 12))];
    const spelled = tokens.map((token) => (token < 2 ? ['-', '?'][token] : words[token - 2]));
    const number = spelled.find((word) => /^\d+$/.test(word ?? ''));
    assert.deepEqual(
      spelled,
      labelsOf(dataset.training)[0] === 1
        ? ['a', 'wonderful', 'film', 'number', number, 'warm', 'and', 'clever', '-', '-', '-', '-']
        : ['what', 'a', 'dull', 'film', 'number', number, 'was', 'slow', '-', '-', '-', '-'],
    );
    // A number that only a test text has is no word of the vocabulary.
    assert.ok([...(await readSamples(dataset.test, [0], 12))].includes(1));
  });

  it('are cut off at the length, and words at the size of the vocabulary', async () => {
    const dataset = await open('reviews.tsv', { length: 3, vocabulary: 5 });
    assert.deepEqual(dataset.samples, { kind: 'tokens', vocabulary: 5, padding: 0 });
    const values = await readSamples(dataset.training, [...Array(dataset.training.count).keys()], 3);
    assert.ok(values.every((token) => token >= 1 && token < 5));
  });

  it("are divided by the teacher's tokenizer, framed by its special tokens", async () => {
    const words = ['film', 'dull', 'wonder', '##ful', 'a', 'what', 'number', 'was', 'slow', '!'];
    write('tokenizer.json', wordPieceFile(words));
    const dataset = await open('reviews.tsv', { tokenizer: 'tokenizer.json', length: 6 });
    assert.deepEqual(dataset.samples, { kind: 'tokens', vocabulary: 4 + words.length, padding: 0 });
    const id = (word: string): number => 4 + words.indexOf(word);
    const [CLS, SEP] = [2, 3];
    const expected = {
      good: [CLS, id('a'), id('wonder'), id('##ful'), id('film'), SEP],
      bad: [CLS, id('what'), id('a'), id('dull'), id('film'), SEP],
    };
    const first = labelsOf(dataset.training)[0] === 1 ? expected.good : expected.bad;
    assert.deepEqual([...(await readSamples(dataset.training, [0], 6))], first);
    assert.ok(dataset.preparation.kind === 'text');
    assert.deepEqual(dataset.preparation.tokens, { kind: 'file', file: 'tokenizer.json' });
  });

  it('need a tokenizer that can be used', async () => {
    write('no-tokenizer.json', '{"words": []}');
    write('broken.json', '{');
    write('high.json', wordPieceFile(['film', 'a']).replace('"a":5', '"a":2147483648'));
    mkdirSync(join(data.folder, 'sub'));
    for (const [tokenizer, reason] of [
      ['no-tokenizer.json', /cannot be used as a tokenizer: it has no tokenizer model/],
      ['broken.json', /cannot be used as a tokenizer/],
      ['high.json', /gives a token the number 2147483648, which no vocabulary is large enough for/],
      ['missing.json', /cannot be used as a tokenizer: ENOENT/],
    ] as const) {
      await assertProblems(open('reviews.tsv', { tokenizer }), [reason], 'dataset.tokenizer');
    }
  });

  it('are refused with a sentence where the tokenizer is damaged', async () => {
    const random = randomStream(0, 'damaged tokenizers');
    const original = Buffer.from(wordPieceFile(['film', 'dull', 'a']));
    let accepted = 0;
    for (let round = 0; round < 150; round++) {
      writeFileSync(join(data.folder, 'damaged.json'), mutated(original, random));
      if (await acceptedOrRefused(() => open('reviews.tsv', { tokenizer: 'damaged.json' }))) accepted++;
    }
    assert.ok(accepted < 150);
  });

  it('in a table of numbers are left out, unless they are asked for', async () => {
    const rows = REVIEWS.map(([text, label], row) => `"${text!}",${(row * 7) % 13},${label!}`);
    write('mixed.csv', `review,stars,label\n${rows.join('\n')}`);
    const numbers = await open('mixed.csv');
    assert.deepEqual([numbers.samples.kind, numbers.sampleShape], ['values', [1]]);
    assert.match(numbers.findings.map(({ message }) => message).join(), /'review' is left out: it holds texts/);
    const texts = await open('mixed.csv', { columns: { review: 'text' } });
    assert.equal(texts.samples.kind, 'tokens');
    assert.match(texts.findings.map(({ message }) => message).join(), /'stars' is left out: the samples are texts/);
  });
});
