import assert from 'node:assert/strict';
import { buildCosineLoss } from '../../../../src/objectives/losses/cosine.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { dot, mean, norm } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss, type Build } from './lossCheck.ts';

const build: Build = (graph, { student, teacher, tokens }) => buildCosineLoss(graph, student!, teacher!, tokens);

function distance(a: readonly number[], b: readonly number[]): number {
  return 1 - dot(a, b) / (norm(a) * norm(b));
}

describe('cosine', () => {
  it('is the mean of 1 − cos over vectors', () =>
    checkLoss({
      inputs: { student: randomArray([3, 4], 22), teacher: randomArray([3, 4], 23) },
      build,
      byHand: ({ student, teacher }) =>
        mean(rowsOf(student!).map((row, index) => distance(row, rowsOf(teacher!)[index]!))),
    }));

  it('takes one vector per token and leaves padding out', () =>
    checkLoss({
      inputs: {
        student: randomArray([2, 2, 3], 24),
        teacher: randomArray([2, 2, 3], 25),
        tokens: arrayOf([2, 2], [1, 1, 1, 0]),
      },
      build,
      byHand: ({ student, teacher }) => {
        const vectors = (data: Float64Array): number[][] => [0, 3, 6].map((start) => [...data.slice(start, start + 3)]);
        const others = vectors(teacher!.data);
        return mean(vectors(student!.data).map((vector, index) => distance(vector, others[index]!)));
      },
    }));

  it('takes one vector over the channels per position of a map', () =>
    checkLoss({
      inputs: { student: randomArray([1, 2, 1, 2], 26), teacher: randomArray([1, 2, 1, 2], 27) },
      build,
      byHand: ({ student, teacher }) => {
        const [s, t] = [student!.data, teacher!.data];
        return mean([0, 1].map((place) => distance([s[place]!, s[place + 2]!], [t[place]!, t[place + 2]!])));
      },
    }));

  it('has a finite gradient at a vector of zeros', async () => {
    const result = await runLoss({ student: arrayOf([1, 3], [0, 0, 0]), teacher: arrayOf([1, 3], [1, 2, 3]) }, build);
    assertFinite(result);
    assert.equal(result.loss, 1);
  });
});
