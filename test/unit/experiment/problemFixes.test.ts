import assert from 'node:assert/strict';
import { experimentProblems } from '../../../src/experiment/parseExperiment.ts';

const good = {
  teacher: null as unknown,
  dataset: { path: 'builtin:digits' } as unknown,
  student: { architecture: 'mlp' } as unknown,
};

function problemOf(experiment: object) {
  const [problem, ...others] = experimentProblems({ ...good, ...experiment });
  assert.ok(problem);
  assert.deepEqual(others, []);
  return problem;
}

describe('what would mend a problem of an experiment', () => {
  it('is the name that was probably meant, then the others', () => {
    const { message, fixes } = problemOf({ student: { architecture: 'mlpp' } });
    assert.equal(message, "'mlpp' is not an architecture; did you mean 'mlp'?");
    assert.deepEqual(fixes.slice(0, 2), [
      { kind: 'replace', value: 'mlp', isLikely: true },
      { kind: 'replace', value: 'convnet' },
    ]);
  });

  it('is another name of the field, or no field', () => {
    assert.deepEqual(problemOf({ training: { epohcs: 3 } }).fixes, [
      { kind: 'rename', to: 'epochs', isLikely: true },
      { kind: 'remove' },
    ]);
    assert.deepEqual(problemOf({ colour: 'red' }).fixes, [{ kind: 'remove' }]);
  });

  it('is an object around a text, a number without quotes, and the smallest value where there is none', () => {
    assert.deepEqual(problemOf({ dataset: 'data' }).fixes, [
      { kind: 'replace', value: { path: 'data' }, isLikely: true },
    ]);
    assert.deepEqual(problemOf({ training: { epochs: '5' } }).fixes[0], { kind: 'replace', value: 5, isLikely: true });
    assert.deepEqual(problemOf({ dataset: undefined }).fixes, [{ kind: 'replace', value: { path: '' } }]);
  });

  it('is the alternative whose fields were given, when its name is what is missing', () => {
    assert.equal(problemOf({ student: { hidden: [3] } }).where, 'student.architecture');
    assert.equal(problemOf({ student: { modle: 'a.onnx' } }).message, "is not a known field; did you mean 'model'?");
  });

  it('names every kind that a field takes beside names', () => {
    assert.equal(
      problemOf({ training: { learningRate: 'high' } }).message,
      "must be 'auto' or a number (found the text 'high')",
    );
    assert.equal(problemOf({ objective: 'kd' }).message, "must be 'auto' or a list (found the text 'kd')");
  });
});
