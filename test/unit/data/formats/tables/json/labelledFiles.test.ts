import assert from 'node:assert/strict';
import { labelledFiles } from '../../../../../../src/data/formats/tables/json/labelledFiles.ts';

const rows = [
  { file: 'a/1.jpg', label: 'cat' },
  { file: '2.png', label: 'dog' },
];
const [one, two] = ['a/1.jpg', '2.png'];

describe('files and labels in JSON', () => {
  it('are rows, however they lie there', () => {
    for (const value of [
      { [one]: 'cat', [two]: 'dog' },
      { [one]: { label: 'cat' }, [two]: { label: 'dog' } },
      { cat: [one], dog: [two] },
      [
        [one, 'cat'],
        [two, 'dog'],
      ],
      [{ [one]: 'cat' }, { [two]: 'dog' }],
      { version: 1, labels: { [one]: 'cat', [two]: 'dog' } },
      {
        images: [
          { id: 5, file_name: one },
          { id: 6, file_name: two },
        ],
        annotations: [
          { image_id: 6, category_id: 1 },
          { image_id: 5, category_id: 0 },
        ],
        categories: [
          { id: 0, name: 'cat' },
          { id: 1, name: 'dog' },
        ],
      },
    ])
      assert.deepEqual(labelledFiles(value)?.rows, rows, JSON.stringify(value));
  });

  it('may be called by their names without endings, where many have the same label', () => {
    const labels = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`00${at}`, at % 2 === 0 ? 'cat' : 'dog']));
    assert.equal(labelledFiles(labels)?.rows.length, 10);
    const names = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [String(at), `name ${at}`]));
    assert.equal(labelledFiles(names), undefined);
  });

  it('are none in other objects, lists and marks of objects', () => {
    for (const value of [
      { image: [one, two], mask: [two, one] },
      { x: [1, 2], label: ['a', 'b'] },
      [{ file: one, label: 'cat' }],
      { '0': 'cat', '1': 'dog' },
      {
        images: [{ id: 5, file_name: one }],
        annotations: [{ image_id: 5, category_id: 0, bbox: [0, 0, 1, 1] }],
        categories: [{ id: 0, name: 'cat' }],
      },
      'text',
      null,
    ])
      assert.equal(labelledFiles(value), undefined, JSON.stringify(value));
  });
});
