import { buildHintLoss } from '../../../../src/objectives/losses/hint.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { mean } from './byHand.ts';
import { checkLoss, randomArray } from './lossCheck.ts';

describe('hint', () => {
  it('is the mean over elements of the squared differences', () =>
    checkLoss({
      inputs: { student: randomArray([2, 3, 2, 2], 18), teacher: randomArray([2, 3, 2, 2], 19) },
      build: (graph, { student, teacher }) => buildHintLoss(graph, student!, teacher!),
      byHand: ({ student, teacher }) =>
        mean([...student!.data].map((value, index) => (value - teacher!.data[index]!) ** 2)),
    }));

  it('leaves padding out of token features', () =>
    checkLoss({
      inputs: {
        student: randomArray([2, 3, 2], 20),
        teacher: randomArray([2, 3, 2], 21),
        tokens: arrayOf([2, 3], [1, 1, 0, 1, 0, 0]),
      },
      build: (graph, { student, teacher, tokens }) => buildHintLoss(graph, student!, teacher!, tokens),
      byHand: ({ student, teacher }) => {
        // Of the first sample the tokens at 0 … 3 of its numbers count, of the second those at 0 … 1, which begin at 6.
        const squares = [0, 1, 2, 3, 6, 7].map(
          (position) => (student!.data[position]! - teacher!.data[position]!) ** 2,
        );
        return mean(squares);
      },
    }));
});
