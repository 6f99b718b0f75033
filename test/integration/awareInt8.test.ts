import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { loadModel } from '../../src/onnx/file.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';
import { fullOr, sampleOf, tellShortened } from '../support/full.ts';

const quantization = { aware: true, calibrationSamples: 64, largestDrop: 1 } as const;
const common = {
  ...tinyExperiment,
  baseline: false,
  quantization,
  training: { epochs: 2, batchSize: 50 },
  report: { attentionSamples: 0 },
} as const satisfies ExperimentInput;

/** How far the file is from what was trained, as a share of the largest output, as the run told it. */
function differenceOf(events: readonly RunEvent[]): number {
  const told = events.flatMap((event) => (event.kind === 'phase' ? [event.message] : [])).join('\n');
  const found = /the file is within (\S+) of what was trained/.exec(told);
  assert.ok(found, told);
  return Number(found[1]);
}

const students: readonly ExperimentInput['student'][] = [
  { architecture: 'mlp', hidden: [16], dropout: 0.2 },
  { architecture: 'convnet', channels: [4, 8], hidden: [] },
  { architecture: 'resnet', depth: 8 },
  { architecture: 'mobilenetv2', width: 0.1 },
];

describe('a student that is trained as it computes in int8', function () {
  this.timeout(600_000);
  after(removeRuns);

  for (const student of sampleOf('students trained in int8', students, 2)) {
    const { architecture } = student as { readonly architecture: string };
    it(`is written as it was trained, in integers (${architecture})`, async () => {
      const { result, folder, events } = await run({
        ...common,
        dataset: { ...common.dataset, limit: 150 },
        student,
        training: { epochs: 1, batchSize: 50 },
      });
      assert.ok(differenceOf(events) < 1e-3, `${differenceOf(events)}`);
      const variants = result.report!.variants.map(({ kind }) => kind);
      assert.deepEqual(variants, ['static-int8', 'aware-int8']);
      const nodes = (await loadModel(join(folder, 'student.aware-int8.onnx'))).proto.graph!.node;
      assert.ok(nodes.some(({ opType }) => opType === 'QuantizeLinear'));
      assert.ok(nodes.every(({ domain }) => domain === ''));
    });
  }

  it('may come from a file, with a softmax at its end', async () => {
    const { folder } = await run({ ...common, student: students[1]!, quantization: undefined });
    const { events } = await run({ ...common, student: { model: join(folder, 'student.onnx') } });
    assert.ok(differenceOf(events) < 1e-3);
  });

  it(`loses less than static int8, ${fullOr('over several seeds', 'with one seed')}`, async () => {
    let [aware, fixed] = [0, 0];
    tellShortened('training in int8 against static int8: one seed of three');
    for (const seed of fullOr([0, 1, 2], [0])) {
      const { result } = await run({
        ...common,
        student: students[1]!,
        training: { epochs: 3, batchSize: 50, seed },
        quantization: { ...quantization, awareShare: 1 },
      });
      for (const { kind, test } of result.report!.variants) {
        if (kind === 'aware-int8') aware += test.loss;
        if (kind === 'static-int8') fixed += test.loss;
      }
    }
    assert.ok(aware < fixed, `${aware}, ${fixed}`);
  });

  it('goes on after it was stopped, and ends with the very same file', async () => {
    const experiment = {
      ...common,
      training: { epochs: 4, batchSize: 20, averageDecay: 0.9 },
      quantization: { ...quantization, awareShare: 1 },
    } as const;
    const whole = await run(experiment);
    let steps = 0;
    const stopped = await run(experiment, (event, controller) => {
      if (event.kind === 'progress' && event.phase === 'evaluation' && ++steps === 2) controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const resumed = await resumeRun({
      folder: stopped.folder,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    assert.equal(resumed.state, 'finished');
    for (const name of ['student.onnx', 'student.aware-int8.onnx']) {
      const [one, other] = await Promise.all([whole, stopped].map(({ folder }) => weightsOf(join(folder, name))));
      assert.deepEqual(one, other, name);
    }
  });
});

/** Its weights by name; what else the file says may name the run. */
async function weightsOf(path: string): Promise<ReadonlyMap<string, unknown>> {
  const { proto } = await loadModel(path);
  return new Map(proto.graph!.initializer.map((stored) => [stored.name, stored]));
}
