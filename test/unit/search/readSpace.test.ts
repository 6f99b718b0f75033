import assert from 'node:assert/strict';
import { BadInputError } from '../../../src/errors.ts';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';
import { experimentAt, readSpace } from '../../../src/search/space/readSpace.ts';

const base = {
  teacher: null,
  dataset: { path: 'builtin:digits' },
  student: { architecture: 'mlp', hidden: [16] },
};

function spaceOf(space: object) {
  const { search, ...experiment } = parseExperiment({ ...base, search: { space } });
  assert.ok(search);
  return { experiment, space: readSpace(search, experiment) };
}

function problemsOf(space: object): readonly string[] {
  try {
    spaceOf(space);
    return [];
  } catch (error) {
    assert.ok(error instanceof BadInputError);
    return error.problems.map(({ where, message }) => `${where} ${message}`);
  }
}

describe('the space of a search', () => {
  it('knows which fields take whole numbers', () => {
    const { space } = spaceOf({
      'student.hidden[0]': { log: [16, 512] },
      'training.learningRate': { log: [1e-4, 1] },
      'training.batchSize': { range: [16, 64], step: 16 },
    });
    assert.deepEqual(
      space.map((parameter) => parameter.kind === 'number' && [parameter.name, parameter.step, parameter.isLog]),
      [
        ['student.hidden[0]', 1, true],
        ['training.learningRate', undefined, true],
        ['training.batchSize', 16, false],
      ],
    );
  });

  it('searches elements only where a list is that long, and puts in what is inside last', () => {
    const { experiment, space } = spaceOf({
      'student.hidden[1]': [32, 64],
      'student.hidden.length': [1, 2],
      student: [{ architecture: 'mlp', hidden: [8] }],
    });
    assert.equal(space.at(-1)?.name, 'student.hidden[1]');
    const made = (length: number) =>
      experimentAt(experiment, space, { student: 0, 'student.hidden.length': length, 'student.hidden[1]': 1 })[
        'student'
      ];
    assert.deepEqual(made(1), { architecture: 'mlp', hidden: [8, 64] });
    assert.deepEqual(made(0), { architecture: 'mlp', hidden: [8] });
  });

  it('searches how narrow each layer of a teacher becomes', () => {
    const { search, ...experiment } = parseExperiment({
      ...base,
      teacher: { architecture: 'mlp', hidden: [64, 64] },
      student: { shrink: 0.5, shares: [0.5, 0.5] },
      search: { space: { 'student.shares[0]': { range: [0.1, 1] }, 'student.shares[1]': [0.25, 0.5] } },
    });
    assert.ok(search);
    const space = readSpace(search, experiment);
    const made = experimentAt(experiment, space, { 'student.shares[0]': 0.3, 'student.shares[1]': 0 });
    assert.deepEqual(made['student'], { ...(experiment.student as object), shares: [0.3, 0.25] });
  });

  it('leaves the experiment as it was, without its search', () => {
    const { experiment, space } = spaceOf({ 'training.seed': [7] });
    const made = experimentAt(experiment, space, { 'training.seed': 0 });
    assert.equal((made['training'] as { seed: number }).seed, 7);
    assert.equal(experiment.training.seed, 0);
    assert.ok(!('search' in made));
  });

  it('says every problem in words', () => {
    assert.deepEqual(
      problemsOf({
        'training.learningrate': { log: [1e-4, 1e-2] },
        'training.epochs': { range: [5, 2] },
        'training.momentum': { choices: [0.9], when: { 'training.optimizer': 'sgd' } },
        'training.weightDecay': { log: [0, 1] },
        'a b': [1],
        search: [1],
        'training.batchSize': { range: [1.2, 1.8] },
      }),
      [
        `search.space["training.learningrate"] 'learningrate' is not a field there; did you mean 'learningRate'?`,
        'search.space["training.epochs"] ends at 2, which is not above its beginning 5',
        `search.space["training.momentum"] depends on 'training.optimizer', which is not in the space`,
        'search.space["training.weightDecay"] begins at 0; a logarithmic one begins above 0',
        'search.space["a b"] is not the path of a field',
        `search.space["search"] 'search' cannot be searched`,
        'search.space["training.batchSize"] holds no whole number, and the field takes no others',
      ],
    );
    assert.deepEqual(problemsOf({}), ['search.space names no field']);
    assert.deepEqual(
      problemsOf({
        'training.momentum': { range: [-1, 0.9] },
        'training.learningRate': { log: [1e-20, 0.1] },
        'student.hidden.length': { range: [1, 1e12] },
        'student.hidden[0]': { range: [16, 512] },
      }),
      [
        'search.space["training.momentum"] begins at -1, and the field takes no less than 0',
        'search.space["training.learningRate"] begins at 1e-20, and the field takes no less than 1e-10',
        'search.space["student.hidden.length"] ends at 1000000000000, and the field takes no more than 16',
      ],
    );
    assert.deepEqual(
      problemsOf({
        'training.momentum': { choices: [0.9], when: { 'training.gamma': [0.1] } },
        'training.gamma': { choices: [0.1], when: { 'training.momentum': [0.9] } },
      }),
      [
        'search.space["training.momentum"].when depends on fields that depend on it',
        'search.space["training.gamma"].when depends on fields that depend on it',
      ],
    );
  });

  it('refuses a section that is not one, with the fields it has', () => {
    assert.throws(
      () =>
        parseExperiment({
          ...base,
          search: { space: { 'training.epochs': [1] }, strategy: 'tpee', maximise: 'accuracy' },
        }),
      (error) => error instanceof BadInputError && error.problems.length === 2,
    );
  });
});
