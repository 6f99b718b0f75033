import assert from 'node:assert/strict';
import type { ShownExplanation } from '../../../src/report/explanation.ts';
import { writtenTable } from '../../../src/report/reportSection.ts';
import { inEnglish } from '../../../src/report/wording/reportText.ts';
import { explanationParts } from '../../../src/report/sections/explanationParts.ts';

const explanation: ShownExplanation = {
  sample: 7,
  truth: ['cat', 'dog'],
  explained: 'cat',
  correlation: 0.5,
  method: 'integrated gradients',
  says: { kind: 'probabilities', rows: [{ name: 'cat', teacher: '75 %', student: '50 %' }] },
  pictures: null,
  strongest: [{ name: 'age', teacher: '1', student: '2' }],
};

function written(shown: ShownExplanation) {
  const { title, sentences, sections } = explanationParts(shown);
  return { title: inEnglish(title), sentences: sentences.map(inEnglish), sections };
}

describe('explanationParts', () => {
  it('say what is explained, what contributes most and what the networks say', () => {
    const { title, sentences, sections } = written(explanation);
    assert.equal(title, 'Test sample 7');
    assert.deepEqual(sentences, [
      'Labelled: cat, dog.',
      "Contributions to 'cat' in teacher and student correlate with +0.50.",
      'Contributions are found by integrated gradients.',
    ]);
    assert.deepEqual(
      sections.map(({ table }) => table && writtenTable(table)),
      [
        { head: ['', 'Teacher', 'Student'], rows: [['age', '1', '2']] },
        { head: ['Class', 'Teacher', 'Student'], rows: [['cat', '75 %', '50 %']] },
      ],
    );
  });

  it('have pictures of images, and need neither labels nor a correlation', () => {
    const pictures = { sample: 'a', teacher: 'b', student: 'c' };
    const says = { kind: 'numbers', rows: [] } as const;
    const { sentences, sections } = written({ ...explanation, pictures, says, truth: null, correlation: null });
    assert.match(sentences[0]!, /cannot be compared/);
    assert.deepEqual(
      sections[0]?.samples?.map(({ shown, heading }) => [inEnglish(heading), shown]),
      [
        ['Sample', { kind: 'picture', picture: 'a' }],
        ['Teacher', { kind: 'picture', picture: 'b' }],
        ['Student', { kind: 'picture', picture: 'c' }],
      ],
    );
    assert.equal(inEnglish(sections[1]!.title), 'What they say');
  });
});
