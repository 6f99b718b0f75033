import assert from 'node:assert/strict';
import type { Preparation } from '../../../src/data/preparation.ts';
import type { Targets } from '../../../src/data/targets.ts';
import type { Task } from '../../../src/data/task.ts';
import { BadInputError } from '../../../src/errors.ts';
import { describeTruth } from '../../../src/explain/describeTruth.ts';
import { chooseOutput, tell } from '../../../src/explain/explainedOutput.ts';

const table: Preparation = {
  kind: 'table',
  columns: [],
  targets: [
    { name: 'price', mean: 100, std: 20 },
    { name: 'area', mean: 50, std: 10 },
  ],
};

function data(task: Task, targets: Targets = { kind: 'none' }) {
  const read = (): Promise<void> => Promise.resolve();
  return { task, preparation: table, test: { count: 2, targets, read } };
}

const classification = data(
  { kind: 'classification', classes: ['cat', 'dog', 'eel'] },
  { kind: 'classes', labels: Int32Array.of(2, 0) },
);
const multiLabel = data(
  { kind: 'multi-label', classes: ['red', 'round', 'sweet'] },
  { kind: 'values', values: Float32Array.of(1, 0, 1, 0, 0, 0), width: 3 },
);
const regression = data(
  { kind: 'regression', targets: ['price', 'area'] },
  { kind: 'values', values: Float32Array.of(0.5, -1, 0, 0), width: 2 },
);
/** Two texts of three tokens. */
const tokens = data(
  { kind: 'token-classification', classes: ['O', 'NAME'] },
  { kind: 'tokens', labels: Int32Array.of(0, 1, -1, 1, 0, -1), width: 3 },
);
const matching = data({ kind: 'matching' });

const refusalOf = (message: RegExp) => (error: unknown) =>
  error instanceof BadInputError && error.problems.some((problem) => message.test(problem.message));

describe('what is explained', () => {
  it('is the class that the teacher finds likeliest, or the one that is asked for', () => {
    const said = { outputs: Float32Array.of(-1, 3, 2), sample: 0 };
    const chosen = chooseOutput(classification, said, {});
    assert.equal(chosen.name, 'dog');
    assert.deepEqual([...chosen.weights], [0, 1, 0]);
    assert.deepEqual([...chooseOutput(classification, said, { output: 'eel' }).weights], [0, 0, 1]);
    assert.equal(chooseOutput(multiLabel, said, {}).name, 'round');
    assert.throws(
      () => chooseOutput(classification, said, { output: 'dig' }),
      refusalOf(/no class 'dig'; did you mean 'dog'\?/),
    );
    assert.throws(() => chooseOutput(classification, said, { token: 1 }), refusalOf(/no tokens/));
  });

  it('is the first number of a regression in its own unit, or another', () => {
    const said = { outputs: Float32Array.of(0.25, 2), sample: 0 };
    const first = chooseOutput(regression, said, {});
    assert.equal(first.name, 'price');
    assert.deepEqual([...first.weights], [20, 0]);
    assert.deepEqual([...chooseOutput(regression, said, { output: 'area' }).weights], [0, 10]);
    assert.deepEqual(tell(regression, said.outputs, first), [105, 70]);
  });

  it('is the class of one token, another from sample to sample', () => {
    const outputs = Float32Array.of(2, 1, 0, 4, 0, 0);
    const first = chooseOutput(tokens, { outputs, sample: 0 }, {});
    assert.equal(first.name, 'O (token 1)');
    assert.deepEqual([...first.weights], [1, 0, 0, 0, 0, 0]);
    const second = chooseOutput(tokens, { outputs, sample: 1 }, {});
    assert.equal(second.name, 'NAME (token 2)');
    assert.deepEqual([...second.weights], [0, 0, 0, 1, 0, 0]);
    const [own = NaN, other = NaN] = tell(tokens, outputs, second);
    assert.ok(Math.abs(other - 1 / (1 + Math.exp(-4))) < 1e-12 && Math.abs(own + other - 1) < 1e-12);
    const wished = chooseOutput(tokens, { outputs, sample: 1 }, { token: 0, output: 'NAME' });
    assert.deepEqual([...wished.weights], [0, 1, 0, 0, 0, 0]);
    assert.throws(
      () => chooseOutput(tokens, { outputs, sample: 0 }, { token: 3 }),
      refusalOf(/no token 4; a text has 3/),
    );
  });

  it("is the output along the teacher's where it has no names, or one of its numbers", () => {
    const said = { outputs: Float32Array.of(3, -4), sample: 0 };
    const along = chooseOutput(matching, said, {});
    assert.deepEqual(
      Array.from(along.weights, (weight) => Math.round(weight * 1e6) / 1e6),
      [0.6, -0.8],
    );
    // The teacher's own is its length.
    assert.ok(Math.abs(tell(matching, said.outputs, along)[0]! - 5) < 1e-6);
    assert.deepEqual([...chooseOutput(matching, said, { output: '1' }).weights], [0, 1]);
    assert.throws(
      () => chooseOutput(matching, said, { output: '2' }),
      refusalOf(/no number '2'; it has the numbers 0 to 1/),
    );
    assert.throws(() => chooseOutput(matching, said, { output: 'x' }), refusalOf(/no number 'x'/));
  });

  it('is not chosen among the numbers of an output of zeros', () => {
    assert.deepEqual([...chooseOutput(matching, { outputs: new Float32Array(2), sample: 0 }, {}).weights], [0, 0]);
  });
});

describe('what a sample is labelled with', () => {
  const first = { name: '', weights: new Float32Array(0), first: 0 };

  it('is told in words', () => {
    assert.deepEqual(describeTruth(classification, 0, first), ['eel']);
    assert.deepEqual(describeTruth(multiLabel, 0, first), ['red', 'sweet']);
    assert.deepEqual(describeTruth(multiLabel, 1, first), []);
    assert.deepEqual(describeTruth(regression, 0, first), ['price 110.0', 'area 40.00']);
    assert.deepEqual(describeTruth(tokens, 0, { ...first, first: 2 }), ['NAME']);
    assert.equal(describeTruth(matching, 0, first), null);
  });
});
