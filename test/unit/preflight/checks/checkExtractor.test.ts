import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/data/dataset.ts';
import { checkExtractor } from '../../../../src/preflight/checks/checkExtractor.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import type { DataType, Shape } from '../../../../src/onnx/tensor.ts';

/** A front that takes samples of this shape. */
const front = (shape: Shape, type: DataType = 'float32') => {
  const graph = new Graph();
  graph.input('input', type, ['batch', ...shape]);
  return { graph, cut: 'features', featureShape: [4] };
};
const dataset = (
  sampleShape: readonly number[],
  others: Partial<Dataset> = {},
): Pick<Dataset, 'task' | 'samples' | 'sampleShape'> => ({
  task: { kind: 'classification', classes: ['a', 'b'] },
  samples: { kind: 'values' },
  sampleShape,
  ...others,
});
const texts = { samples: { kind: 'tokens', vocabulary: 9, padding: 0 } } as const;

describe('an extractor and the samples', () => {
  it('go together when the shape is the same, open, or flat', () => {
    assert.deepEqual(checkExtractor(front([3, 8, 8]), dataset([3, 8, 8]), 'student.extractor'), []);
    assert.deepEqual(checkExtractor(front([3, 'height', 'width']), dataset([3, 5, 8]), 'student.extractor'), []);
    assert.deepEqual(checkExtractor(front([64]), dataset([1, 8, 8]), 'student.extractor'), []);
    assert.deepEqual(checkExtractor(front([12], 'int64'), dataset([12], texts), 'student.extractor'), []);
  });

  it('do not when the size differs, which for images can be helped', () => {
    const message = (takes: string, has: string): string =>
      `The extractor takes samples of shape [${takes}], but those of the dataset have shape [${has}].`;
    assert.deepEqual(checkExtractor(front([3, 224, 200]), dataset([3, 32, 32]), 'teacher.extractor'), [
      {
        where: 'teacher.extractor',
        message: message('3, 224, 200', '3, 32, 32'),
        hint: 'Bring the images to this size: "resize": [224, 200] in the dataset.',
      },
    ]);
    for (const [takes, has] of [
      [
        [3, 32, 32],
        [1, 32, 32],
      ],
      [[12], [13]],
    ] as const) {
      assert.deepEqual(checkExtractor(front(takes), dataset(has), 'student.extractor'), [
        {
          where: 'student.extractor',
          message: message(takes.join(', '), has.join(', ')),
          hint: 'Choose an extractor for samples of this shape.',
        },
      ]);
    }
  });

  it('do not when one is about texts and the other about numbers, or the samples are to be made again', () => {
    const messages = (...found: Parameters<typeof checkExtractor>): string[] =>
      checkExtractor(...found).map(({ message }) => message);
    assert.deepEqual(messages(front([12], 'int64'), dataset([12]), 'student.extractor'), [
      'The extractor reads texts, but the dataset has numbers.',
    ]);
    assert.deepEqual(messages(front([12]), dataset([12], texts), 'student.extractor'), [
      'The extractor reads numbers, but the dataset has texts.',
    ]);
    assert.deepEqual(messages(front([12]), dataset([12], { task: { kind: 'reconstruction' } }), 'student.extractor'), [
      'A head on an extractor sees features and cannot make the samples again.',
    ]);
  });
});
