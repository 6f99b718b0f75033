import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { removeRuns, run } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

type Term = Exclude<NonNullable<ExperimentInput['objective']>, 'auto'>[number];

const pair = { student: 'dense1.activation', teacher: 'dense2.activation' };
const labels: Term = { loss: 'labels', weight: 1 };

/** An objective for every loss on classes, as a person would write it. */
const objectives: Readonly<Record<string, readonly Term[]>> = {
  kd: [{ loss: 'kd', standardize: true }],
  'kd with hard targets': [{ loss: 'kd', target: 'hard' }],
  'kd with rank-weighted targets': [{ loss: 'kd', temperature: 1, target: 'rank-weighted' }],
  'kd with clustered targets': [{ loss: 'kd', target: { clusters: 12 } }],
  'kd at a falling temperature': [{ loss: 'kd', temperature: { from: 8, to: 2, until: 0.5 } }],
  'soft-cross-entropy': [{ loss: 'soft-cross-entropy' }],
  'logit-mse': [{ loss: 'logit-mse' }],
  'probability-mse': [labels, { loss: 'probability-mse' }],
  'hard-teacher-labels': [{ loss: 'hard-teacher-labels' }],
  'smoothed labels': [{ loss: 'labels', weight: 1, smoothing: 0.1 }],
  dkd: [labels, { loss: 'dkd', weight: { from: 0, to: 1, until: 0.3 } }],
  dist: [labels, { loss: 'dist' }],
  hint: [labels, { loss: 'hint', ...pair, weight: 1 }],
  rkd: [labels, { loss: 'rkd', features: pair }],
  contrastive: [labels, { loss: 'contrastive', ...pair }],
  'contrastive with a queue, and similarities to another': [
    labels,
    { loss: 'contrastive', ...pair, queue: 120 },
    { loss: 'queue-similarity', ...pair, temperature: { from: 0.1, to: 0.05, until: 0.5 } },
  ],
};

describe('every objective', () => {
  let teacher: string;
  before(async () => {
    const { folder } = await run({
      teacher: null,
      dataset: { path: smallDigits() },
      student: { architecture: 'mlp', hidden: [32, 24] },
      training: { epochs: 6, batchSize: 50 },
      device: 'cpu',
    });
    teacher = `${folder}/student.onnx`;
  });
  after(removeRuns);
  for (const [name, objective] of Object.entries(objectives)) {
    it(`trains a student: ${name}`, async () => {
      const { result, events } = await run({
        teacher: { model: teacher },
        dataset: { path: smallDigits(), limit: 400 },
        student: { architecture: 'mlp', hidden: [16] },
        objective: [...objective],
        training: { epochs: 8, batchSize: 50, learningRate: 0.01 },
        baseline: false,
        report: { attentionSamples: 0 },
        device: 'cpu',
      });
      assert.equal(result.state, 'finished');
      assert.ok(result.report.student.test.accuracy! > 0.4, `accuracy ${result.report.student.test.accuracy!}`);
      assert.equal(result.report.student.parameters, 784 * 16 + 16 + 16 * 10 + 10, 'no regressor is exported');
      const totals = events.flatMap((event) =>
        event.kind === 'epoch' && event.network === 'student' ? [event.losses['total'] ?? NaN] : [],
      );
      assert.equal(totals.length, 8);
      assert.ok(totals.every(Number.isFinite));
    });
  }

  it('compares maps of convolutions', async () => {
    const maps = { student: 'stage1.activation', teacher: 'stage1.activation' };
    const { result } = await run({
      teacher: { architecture: 'convnet', channels: [8, 16], training: { epochs: 1 } },
      dataset: { path: smallDigits(), limit: 300 },
      student: { architecture: 'convnet', channels: [4, 8] },
      objective: [
        labels,
        { loss: 'attention-transfer', pairs: [maps, { student: 'stage2.activation', teacher: 'stage2.activation' }] },
        { loss: 'hint', ...maps, weight: 10 },
      ],
      training: { epochs: 2, batchSize: 50, learningRate: 0.01 },
      baseline: false,
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.3, `accuracy ${result.report.student.test.accuracy!}`);
  });

  it('averages the probabilities of several teachers', async () => {
    const first = await run({
      teacher: null,
      dataset: { path: smallDigits(), limit: 400 },
      student: { architecture: 'mlp', hidden: [32] },
      training: { epochs: 2, batchSize: 50 },
      device: 'cpu',
    });
    const second = await run({
      teacher: null,
      dataset: { path: smallDigits(), limit: 400 },
      student: { architecture: 'mlp', hidden: [24] },
      training: { epochs: 2, batchSize: 50, seed: 1 },
      device: 'cpu',
    });
    const models = [first, second].map(({ folder }) => `${folder}/student.onnx`);
    const { result } = await run({
      teacher: { ensemble: models.map((model, index) => ({ model, weight: index + 1 })) },
      dataset: { path: smallDigits(), limit: 400 },
      student: { architecture: 'mlp', hidden: [16] },
      training: { epochs: 2, batchSize: 50 },
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const both = result.report.teacher;
    assert.equal(both?.parameters, 784 * 56 + 56 + 56 * 10 + 20, 'both count');
    assert.ok(both.test.accuracy! > 0.3, `accuracy ${both.test.accuracy!}`);
    // Each on its own does what it did as a student; their files have one name, so their folders tell them apart.
    assert.deepEqual(
      result.report.members.map(({ name, accuracy }) => [name, accuracy]),
      [first, second].map((student) => ['run/student.onnx', student.result.report?.student.test.accuracy]),
    );
    assert.ok(Math.abs((result.report.members[1]?.weight ?? NaN) - 2 / 3) < 1e-9);
  });
});
