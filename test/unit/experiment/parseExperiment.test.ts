import assert from 'node:assert/strict';
import { usualObjective } from '../../../src/objectives/chooseObjective.ts';
import { BadInputError } from '../../../src/errors.ts';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';

const valid = { teacher: null, dataset: { path: 'data' }, student: { architecture: 'mlp' } };

/** Problems of an experiment as `where: message` lines, in the order in which they were found. */
function problemsOf(value: unknown): readonly string[] {
  return caught(value).problems.map((problem) => `${problem.where}: ${problem.message}`);
}

function hintsOf(value: unknown): readonly (string | undefined)[] {
  return caught(value).problems.map((problem) => problem.hint);
}

function caught(value: unknown): BadInputError {
  try {
    parseExperiment(value);
  } catch (error) {
    if (error instanceof BadInputError) return error;
    throw error;
  }
  return assert.fail('The experiment was accepted.');
}

describe('parseExperiment', () => {
  it('fills in defaults', () => {
    const experiment = parseExperiment(valid);
    assert.equal(experiment.training.batchSize, 'auto', 'decided when the data are known');
    assert.equal(experiment.training.epochs, 'auto');
    assert.equal(experiment.baseline, true);
    assert.equal(experiment.objective, undefined, 'chosen when the task is known');
    const named = parseExperiment({ ...valid, objective: [{ loss: 'kd', temperature: 1 }, { loss: 'labels' }] });
    assert.deepEqual(named.objective, usualObjective('classification', true));
  });

  it('tells of a number that is beyond two limits once, and writes numbers as numbers', () => {
    const seeded = { ...valid, training: { seed: 2 ** 60 } };
    assert.deepEqual(problemsOf(seeded), ['training.seed: must be at most 4294967295 (found 1152921504606847000)']);
    assert.deepEqual(problemsOf({ ...valid, student: { architecture: 'resnet', depth: 21 } }), [
      'student.depth: must be 8, 14, 18, 20, 32, 34, 44, 50, 56 or 110 (found 21)',
    ]);
  });

  it('reports all problems at once, with paths, what was found and what would be right', () => {
    const problems = problemsOf({
      ...valid,
      student: { architecture: 'mpl' },
      training: { batchSize: 0, epochs: 2.5, learningRate: 0, momentum: 1, seed: -1, bachsize: 1 },
      device: 'gpu',
    });
    assert.deepEqual(problems.toSorted(), [
      "device: 'gpu' is not a device; did you mean 'cpu'?",
      "student.architecture: 'mpl' is not an architecture; did you mean 'mlp'?",
      "training.bachsize: is not a known field; did you mean 'batchSize'?",
      'training.batchSize: must be at least 1 (found 0)',
      "training.epochs: must be 'auto' or a whole number (found 2.5)",
      'training.learningRate: must be from 1e-10 to 10 (found 0)',
      'training.momentum: must be from 0 to 0.999999 (found 1)',
      'training.seed: must be at least 0 (found -1)',
    ]);
  });

  it('takes a misspelt required field for one problem', () => {
    assert.deepEqual(problemsOf({ ...valid, teacher: { modle: 'a.onnx' } }), [
      "teacher.modle: is not a known field; did you mean 'model'?",
    ]);
  });

  it('says how to write a path that stands where an object belongs', () => {
    const given = { teacher: 'a.onnx', dataset: 'data/mnist', student: 'mlp' };
    assert.deepEqual(problemsOf(given), [
      "teacher: must be an object with `model`, an object with `ensemble`, an object with `architecture`, an object with `extractor`, an object with `sites` or null (found the text 'a.onnx')",
      "dataset: must be an object with `path` (found the text 'data/mnist')",
      "student: must be an object with `architecture`, an object with `model`, an object with `extractor` or an object with `shrink` (found the text 'mlp')",
    ]);
    assert.deepEqual(hintsOf(given), [
      'Write {"model":"a.onnx"}.',
      'Write {"path":"data/mnist"}.',
      'Write {"architecture":"mlp"}.',
    ]);
  });

  it('names what is missing', () => {
    assert.deepEqual(problemsOf({}), [
      'teacher: is missing; it must be an object with `model`, an object with `ensemble`, an object with `architecture`, an object with `extractor`, an object with `sites` or null',
      'dataset: is missing; it must be an object with `path`',
      'student: is missing; it must be an object with `architecture`, an object with `model`, an object with `extractor` or an object with `shrink`',
    ]);
    assert.deepEqual(problemsOf({ ...valid, teacher: {}, student: {} }), [
      'teacher.model: is missing; it must be text',
      'student.model: is missing; it must be text',
    ]);
  });

  it('explains the alternative that was meant', () => {
    assert.deepEqual(problemsOf({ ...valid, teacher: { architecture: 'convnt' } }), [
      "teacher.architecture: 'convnt' is not an architecture; did you mean 'convnet'?",
    ]);
    assert.deepEqual(problemsOf({ ...valid, teacher: { model: 5 } }), ['teacher.model: must be text (found 5)']);
    assert.deepEqual(problemsOf({ ...valid, dataset: { path: 'x', normalization: 'imagenat' } }), [
      "dataset.normalization: 'imagenat' is not a normalization; did you mean 'imagenet'?",
    ]);
    assert.deepEqual(problemsOf({ ...valid, dataset: { path: 'x', normalization: { mean: [1] } } }), [
      'dataset.normalization.std: is missing; it must be a list',
    ]);
    assert.deepEqual(problemsOf({ ...valid, dataset: { path: 'x', normalization: 5 } }), [
      "dataset.normalization: must be 'auto', 'none', 'mnist', 'cifar10', 'imagenet' or an object with `mean` and `std` (found 5)",
    ]);
  });

  it('refuses unknown fields of a teacher that is trained first, and lists those of its architecture only', () => {
    const given = { ...valid, teacher: { architecture: 'mlp', channels: [3], training: { epochs: 1 } } };
    assert.deepEqual(problemsOf(given), ['teacher.channels: is not a known field']);
    assert.deepEqual(hintsOf(given), ['Known fields here: architecture, hidden, dropout, training, crossFit.']);
  });

  it('names elements of lists by their index', () => {
    const objective = [{ loss: 'KD', weight: -1 }, { loss: 'label' }, 5, { weight: 1 }, { loss: 'kd', temperature: 0 }];
    assert.deepEqual(problemsOf({ ...valid, objective, student: { architecture: 'mlp', hidden: [8, 'x'] } }), [
      "student.hidden[1]: must be a whole number (found the text 'x')",
      "objective[0].loss: 'KD' is not a loss; did you mean 'kd'?",
      "objective[1].loss: 'label' is not a loss; did you mean 'labels'?",
      'objective[2]: must be an object with `loss` (found 5)',
      "objective[3].loss: is missing; it must be 'kd', 'labels', 'soft-cross-entropy', 'logit-mse', 'probability-mse', 'hard-teacher-labels', 'dkd', 'dist', 'hint', 'attention-transfer', 'rkd', 'contrastive', 'queue-similarity', 'cosine', 'channel-wise', 'binary-labels', 'binary-kd', 'mse' or 'teacher-mse'",
      'objective[4].temperature: must be from 0.001 to 1000 (found 0)',
    ]);
    assert.deepEqual(problemsOf({ ...valid, objective: [] }), [
      'objective: must have at least 1 element (found an empty list)',
    ]);
  });

  it('counts labels that are the only term in full, unless the file gives them a weight', () => {
    const weights = (terms: readonly object[]) => {
      const { objective } = parseExperiment({ ...valid, objective: terms });
      return Array.isArray(objective) ? objective.map(({ weight }) => weight) : objective;
    };
    assert.deepEqual(weights([{ loss: 'labels' }]), [1]);
    assert.deepEqual(weights([{ loss: 'labels', weight: 0.3 }]), [0.3]);
    assert.deepEqual(weights([{ loss: 'kd' }, { loss: 'labels' }]), [0.9, 0.1]);
  });

  it('refuses numbers that float32 rounds to 0, 1 or infinity, and takes those of the literature', () => {
    const student = { architecture: 'mlp', dropout: 1 - 1e-9 };
    const objective = [
      { loss: 'kd', temperature: 1e-30 },
      { loss: 'kd', temperature: { from: 0, to: 4, until: 1 }, divergence: 'jensen-shannon', beta: 1e-12 },
    ];
    const training = { learningRate: 1e-45, epsilon: 1e-46, clipNorm: 1e-30, beta2: 1 - 1e-9, averageDecay: 1 - 1e-9 };
    const normalization = { mean: [1e300], std: [1e-300] };
    assert.deepEqual(
      problemsOf({ ...valid, dataset: { path: 'x', normalization }, student, objective, training }).toSorted(),
      [
        'dataset.normalization.mean[0]: must be at most 1e+30 (found 1e+300)',
        'dataset.normalization.std[0]: must be at least 1e-20 (found 1e-300)',
        'objective[0].temperature: must be from 0.001 to 1000 (found 1e-30)',
        'objective[1].beta: must be from 0.001 to 0.999 (found 1e-12)',
        'objective[1].temperature.from: must be from 0.001 to 1000 (found 0)',
        'student.dropout: must be from 0 to 0.99 (found 0.999999999)',
        'training.averageDecay: must be at most 0.999999 (found 0.999999999)',
        'training.beta2: must be from 0 to 0.999999 (found 0.999999999)',
        'training.clipNorm: must be from 0.000001 to 1000000 (found 1e-30)',
        'training.epsilon: must be from 1e-20 to 1 (found 1e-46)',
        'training.learningRate: must be from 1e-10 to 10 (found 1e-45)',
      ],
    );
    parseExperiment({
      ...valid,
      student: { architecture: 'mlp', dropout: 0.9 },
      objective: [{ loss: 'contrastive', student: 'a', teacher: 'b', temperature: 0.01 }],
      training: { learningRate: 1e-8, epsilon: 1e-15, clipNorm: 0.01, beta2: 0.99999, averageDecay: 0.99999 },
    });
  });

  it('refuses what is not an object at all', () => {
    const expected = 'experiment: must be an object with `teacher`, `dataset` and `student`';
    assert.deepEqual(problemsOf(5), [`${expected} (found 5)`]);
    assert.deepEqual(problemsOf(null), [`${expected} (found null)`]);
    assert.deepEqual(problemsOf([]), [`${expected} (found an empty list)`]);
  });
});
