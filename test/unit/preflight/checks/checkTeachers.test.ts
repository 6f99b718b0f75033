import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/data/dataset.ts';
import { checkTeacher } from '../../../../src/preflight/checks/checkTeachers.ts';
import type { NetworkFile } from '../../../../src/training/engines/networkFile.ts';
import { networkInputs } from '../../../../src/training/networkInputs.ts';

describe('checkTeacher', () => {
  const classes = ['ant', 'bee', 'fly'];
  const dataset = {
    samples: { kind: 'values', shape: [4] },
    sampleShape: [4],
    task: { kind: 'classification', classes },
  } as unknown as Dataset;
  const teacher = (outputShape: NetworkFile['outputShape']): NetworkFile =>
    ({
      inputs: networkInputs([{ name: 'x', type: 'float32', shape: [1, 4] }]),
      output: 'y',
      sampleShape: [4],
      outputShape,
    }) as unknown as NetworkFile;
  const told = (outputShape: NetworkFile['outputShape']): string[] =>
    checkTeacher(teacher(outputShape), dataset, [3], 'teacher.model').map(({ message }) => message);

  it('takes one that gives a number for every class', () => {
    assert.deepEqual(told([3]), []);
  });

  it('says what a teacher lacks that gives the class that it decides for', () => {
    assert.deepEqual(told([]), [
      "The teacher's output 'y' has one number for each sample, such as the class that it decides for, but a number for each of the 3 classes is needed.",
    ]);
  });

  it('says how many classes it has, and of another shape that shape', () => {
    assert.deepEqual(told([5]), ["The teacher's output 'y' has 5 classes, but the dataset has 3 (ant, bee, fly)."]);
    assert.deepEqual(told([3, 7]), [
      "The teacher's output 'y' has shape [batch, 3, 7], but the dataset needs [batch, 3].",
    ]);
  });
});
