import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { wordPieceFile } from '../../../../support/tokenizerFile.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

const NAMES = ['Ada', 'Emmy', 'Alan', 'Grace'];
const TEXTS = Array.from({ length: 20 }, (_, row) => ({
  tokens: [NAMES[row % 4]!, 'wrote', 'letters', ...(row % 2 === 0 ? [] : ['daily'])],
  labels: ['PERSON', 'O', 'O', ...(row % 2 === 0 ? [] : ['TIME'])],
}));
const JSONL = TEXTS.map((text) => JSON.stringify(text)).join('\n');
const CONLL = TEXTS.map(({ tokens, labels }) => tokens.map((word, at) => `${word} X ${labels[at]!}`).join('\n')).join(
  '\n\n',
);

describe('texts with a label for every word', () => {
  const data = dataFolder('suite', { length: 6 });
  const { open, write } = data;
  before(() => {
    write('people.jsonl', JSONL);
    write('people.conll', `-DOCSTART- O\n\n${CONLL}`);
  });

  for (const name of ['people.jsonl', 'people.conll']) {
    it(`are read from ${name}`, async () => {
      const dataset = await open(name);
      assert.deepEqual(dataset.task, { kind: 'token-classification', classes: ['O', 'PERSON', 'TIME'] });
      const { targets, count } = dataset.training;
      assert.ok(targets.kind === 'tokens' && targets.width === 6);
      const tokens = await readSamples(dataset.training, [...Array(count).keys()], 6);
      for (let row = 0; row < count; row++) {
        const labels: number[] = [...targets.labels.subarray(6 * row, 6 * row + 6)];
        const isLong = tokens[6 * row + 3] !== 0;
        assert.deepEqual(labels, [1, 0, 0, isLong ? 2 : -1, -1, -1]);
      }
    });
  }

  it('are read from files that are called as those of CoNLL-2003', async () => {
    const inside = join(data.folder, 'conll2003');
    mkdirSync(inside);
    const marked = `-DOCSTART- -X- O\n\n${CONLL}`;
    for (const name of ['eng.train', 'eng.testa', 'eng.testb', 'deu.testa']) writeFileSync(join(inside, name), marked);
    writeFileSync(join(inside, 'README'), 'Texts of a newspaper, with a label for every word of them.\n');
    const { brings, format, validation, test, training } = await open('conll2003');
    assert.equal(format, 'CoNLL');
    assert.deepEqual(brings, { validation: true, test: true });
    assert.deepEqual([training.count, validation.count, test.count], [20, 20, 20]);
    assert.equal((await open('conll2003/eng.train')).format, 'CoNLL');
  });

  it('label the first token of a word that a tokenizer divides', async () => {
    write('tokenizer.json', wordPieceFile(['ada', 'em', '##my', 'alan', 'grace', 'wrote', 'letter', '##s', 'daily']));
    const dataset = await open('people.jsonl', { tokenizer: 'tokenizer.json', length: 8 });
    const { targets, count } = dataset.training;
    assert.ok(targets.kind === 'tokens');
    const tokens = await readSamples(dataset.training, [...Array(count).keys()], 8);
    for (let row = 0; row < count; row++) {
      const [first, ...labels]: number[] = [...targets.labels.subarray(8 * row, 8 * row + 8)];
      const divided = tokens[8 * row + 1] === 4 + 1;
      assert.equal(first, -1);
      assert.deepEqual(labels.slice(0, divided ? 5 : 4), divided ? [1, -1, 0, 0, -1] : [1, 0, 0, -1]);
    }
  });

  it('say how many words are cut off', async () => {
    const { findings } = await open('people.conll', { length: 2 });
    assert.match(findings.map(({ message }) => message).join(), /30 labelled words lie behind the 2 tokens/);
  });

  it('are refused with the line', async () => {
    write('uneven.jsonl', '{"tokens":["a","b"],"labels":["x"]}\n{"tokens":["a"]}\n');
    await assertProblems(open('uneven.jsonl'), [
      /Line 1 of uneven.jsonl has 2 tokens, but 1 labels/,
      /Line 2 of uneven.jsonl has no array of labels/,
    ]);
    write('bare.conll', 'Ada PERSON\nwrote\n');
    await assertProblems(open('bare.conll'), [/Line 2 of bare.conll has no label/]);
  });

  it('that are damaged are read or refused with a sentence', async () => {
    const random = randomStream(0, 'damaged words');
    for (const [name, content] of [
      ['damaged.jsonl', JSONL],
      ['damaged.conll', CONLL],
    ] as const) {
      for (let round = 0; round < 100; round++) {
        write(name, mutated(Buffer.from(content), random));
        await acceptedOrRefused(() => open(name));
      }
    }
  });

  it('are a field of CoNLL-U, which is told and can be another, and other encodings are read', async () => {
    const words = [
      ['They', 'PRON', 'nsubj'],
      ['buy', 'VERB', 'root'],
      ['books', 'NOUN', 'obj'],
    ] as const;
    const sentence = (row: number): string =>
      [
        `# sent_id = ${row}`,
        ...words.map(
          ([word, part, role], at) =>
            `${at + 1}\t${word}${row % 5}\t${word}\t${part}\tX\t_\t0\t${role}\t_\t${at === 2 ? 'SpaceAfter=No' : '_'}`,
        ),
        '3-4\tlots\t_\t_\t_\t_\t_\t_\t_\t_',
        '3.1\tempty\t_\t_\t_\t_\t_\t_\t_\t_',
      ].join('\n');
    write('ud.conllu', `${Array.from({ length: 20 }, (_, row) => sentence(row)).join('\n\n')}\n`);
    const dataset = await open('ud.conllu');
    assert.deepEqual(dataset.task, { kind: 'token-classification', classes: ['NOUN', 'PRON', 'VERB'] });
    assert.match(toldOf(dataset), /labels of ud\.conllu are its field 'upos', such as 'PRON' for 'They0'/);
    assert.deepEqual((await open('ud.conllu', { target: 'deprel' })).task, {
      kind: 'token-classification',
      classes: ['nsubj', 'obj', 'root'],
    });
    await assertProblems(open('ud.conllu', { target: 'ner' }), [/has no field 'ner'/], 'dataset.target');
    const german = Array.from({ length: 20 }, (_, row) => `Müller${row % 3} NE I-NC B-PER\nschläft VV I-VC O\n`).join(
      '\n',
    );
    write('german.conll', Buffer.from(german, 'latin1'));
    const latin = await open('german.conll');
    assert.match(toldOf(latin), /german\.conll is not UTF-8; it was read as windows-1252/);
    assert.match(toldOf(latin), /are the last of 4 cells, such as 'B-PER' for 'Müller0'/);
    write(
      'fields.jsonl',
      Array.from({ length: 20 }, () =>
        JSON.stringify({ tokens: ['a', 'b'], ner_tags: ['X', 'O'], pos_tags: ['N', 'V'] }),
      ).join('\n'),
    );
    assert.match(
      toldOf(await open('fields.jsonl')),
      /The labels are those of 'ner_tags'; dataset\.target names another, such as 'pos_tags'/,
    );
  });
});
