import assert from 'node:assert/strict';
import { assertProblems } from '../../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../../support/dataFolder.ts';

const spoken = (row: number): string => `number ${row * 7} is ${row % 2 ? 'awful and dull' : 'great and fun'} to see`;
const each = <T>(count: number, make: (row: number) => T): T[] => Array.from({ length: count }, (_, row) => make(row));

describe('JSON whose samples lie deeper than cells', () => {
  const { open, write } = dataFolder('suite');
  const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
  const classesOf = async (file: string, content: string): Promise<readonly string[]> => {
    const { task } = await open(write(file, content));
    return task.kind === 'classification' ? task.classes : [];
  };

  it('lists samples by class: texts, rows of numbers and objects', async () => {
    const texts = { good: each(30, (row) => spoken(2 * row)), bad: each(20, (row) => spoken(2 * row + 1)) };
    assert.deepEqual(await classesOf('texts.json', JSON.stringify(texts)), ['bad', 'good']);
    assert.match(toldOf(await open('texts.json')), /texts\.json lists samples by class: good, bad\./);
    const even = { pos: each(25, (row) => spoken(2 * row)), neg: each(25, (row) => spoken(2 * row + 1)) };
    assert.deepEqual(await classesOf('even.json', JSON.stringify({ train: even, test: even })), ['neg', 'pos']);
    const numbers = { setosa: each(30, (row) => [row, row % 7]), virginica: each(30, (row) => [-row, row % 5]) };
    assert.deepEqual(await classesOf('numbers.json', JSON.stringify(numbers)), ['setosa', 'virginica']);
    const objects = {
      spam: each(30, (row) => ({ text: spoken(2 * row) })),
      ham: each(30, (row) => ({ text: spoken(row) })),
    };
    assert.deepEqual(await classesOf('objects.json', JSON.stringify(objects)), ['ham', 'spam']);
  });

  it('of columns is a table still, also where they are not as long', async () => {
    const columns = { text: each(30, spoken), label: each(30, (row) => `c${row % 2}`) };
    assert.deepEqual(await classesOf('columns.json', JSON.stringify(columns)), ['c0', 'c1']);
    const uneven = { text: each(30, spoken), label: each(29, (row) => `c${row % 2}`) };
    await assertProblems(open(write('uneven.json', JSON.stringify(uneven))), [/the column 'label' has 29 values/]);
    const tables = { users: each(4, (id) => ({ id, label: 'a' })), items: each(4, (id) => ({ id, label: 'b' })) };
    await assertProblems(open(write('tables.json', JSON.stringify(tables))), [/has 2 tables: users, items/]);
  });

  it('of chats has classes where their last answers are few, and is refused plainly where they are not', async () => {
    const chat = (asked: string, answer: string) => ({
      messages: [
        { role: 'system', content: 'Say spam or ham.' },
        { role: 'user', content: asked },
        { role: 'assistant', content: answer },
      ],
    });
    const classified = each(40, (row) => chat(spoken(row), row % 2 ? 'spam' : 'ham'));
    assert.deepEqual(await classesOf('few.jsonl', lines(classified)), ['ham', 'spam']);
    const written = each(40, (row) => chat(spoken(row), spoken(row + 1)));
    await assertProblems(open(write('chats.jsonl', lines(written))), [
      /holds chats in 'messages', and text that is written is not learned/,
    ]);
    const shared = each(40, (row) => ({
      conversations: [
        { from: 'human', value: spoken(row) },
        { from: 'gpt', value: `so ${row}` },
      ],
      label: row % 2,
    }));
    assert.deepEqual(await classesOf('labelled.json', JSON.stringify(shared)), ['0', '1']);
  });

  it('of intents has a row for all that is said for one', async () => {
    const intents = ['greeting', 'goodbye'].map((tag, at) => ({
      tag,
      patterns: each(20, (row) => spoken(2 * row + at)),
      responses: ['ok'],
    }));
    const read = await open(write('intents.json', JSON.stringify({ intents })));
    assert.deepEqual(read.task, { kind: 'classification', classes: ['goodbye', 'greeting'] });
    assert.equal(read.training.count + read.validation.count + read.test.count, 40);
  });

  it('of Label Studio has what was chosen of whole samples, and is refused where parts are marked', async () => {
    const task = (row: number, result: unknown) => ({
      id: row,
      data: { text: spoken(row) },
      annotations: [{ was_cancelled: true, result: [] }, { result: [result] }],
    });
    const choice = (row: number) => ({
      from_name: 'mood',
      type: 'choices',
      value: { choices: [row % 2 ? 'sad' : 'glad'] },
    });
    assert.deepEqual(await classesOf('choices.json', JSON.stringify(each(40, (row) => task(row, choice(row))))), [
      'glad',
      'sad',
    ]);
    const span = { from_name: 'part', type: 'labels', value: { start: 0, end: 3, labels: ['x'] } };
    await assertProblems(open(write('spans.json', JSON.stringify(each(40, (row) => task(row, span))))), [
      /an export of Label Studio/,
    ]);
  });
});
