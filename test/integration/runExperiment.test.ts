import assert from 'node:assert/strict';
import { readTestScores } from '../../src/runFolder/testScores.ts';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { datasetOptions, labelsOf } from '../support/datasets.ts';
import { openDataset } from '../../src/data/openDataset.ts';
import { BadInputError, DistilleryError } from '../../src/errors.ts';
import { loadModel } from '../../src/onnx/file.ts';
import type { RunStatus } from '../../src/protocol/events.ts';
import { openSessions } from '../../src/training/engines/session.ts';
import { hasBfloat16Products } from '../../src/training/engines/bfloat16Products.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { removeRuns, run, tinyExperiment, type FinishedRun } from '../support/runs.ts';

const statusOf = async (folder: string): Promise<RunStatus> =>
  JSON.parse(await readFile(join(folder, 'status.json'), 'utf8')) as RunStatus;

/** All weights of a model as one list of bytes. */
async function weightsOf(path: string): Promise<Buffer> {
  const { proto } = await loadModel(path);
  return Buffer.concat((proto.graph?.initializer ?? []).map((tensor) => Buffer.from(tensor.rawData)));
}

describe('runExperiment', () => {
  after(removeRuns);
  afterEach(() => {
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  it('distils the built-in teacher and leaves a whole run folder', async () => {
    const { result, folder, events } = await run(tinyExperiment);
    assert.equal(result.state, 'finished');
    assert.deepEqual((await readdir(folder)).sort(), [
      'baseline.onnx',
      'experiment.json',
      'metrics.csv',
      'metrics.jsonl',
      'report.html',
      'report.json',
      'scores.json',
      'status.json',
      'student.onnx',
      'teacher.onnx',
      'tensorboard',
    ]);
    const { report } = result;
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')), report);
    assert.equal(report.student.parameters, 784 * 16 + 16 + 16 * 10 + 10);
    assert.equal(report.student.macs, 784 * 16 + 16 * 10);
    assert.ok(report.teacher && report.baseline && report.ratios && report.agreement !== null);
    assert.ok(report.teacher.test.accuracy! > 0.8, `the teacher reaches ${report.teacher.test.accuracy!}`);
    assert.equal(report.dataset.training, 400);
    for (const { memory } of [report.teacher, report.student, report.baseline]) {
      assert.ok(memory?.batched != null && memory.batched >= memory.single, JSON.stringify(memory));
    }
    assert.ok(report.trainingMemory! > report.student.bytes);
    const { teachers, data } = report.provenance!;
    assert.deepEqual(teachers, [
      { file: 'teacher.onnx', sha256: (await loadModel(join(folder, 'teacher.onnx'))).sha256 },
    ]);
    const { metadataProps } = (await loadModel(join(folder, 'student.onnx'))).proto;
    const told = metadataProps.find(({ key }) => key === 'distillery.dataHash');
    assert.deepEqual({ ...(JSON.parse(told!.value) as object), test: data.test }, data);
    assert.equal(new Set(Object.values(data)).size, 3);
    assert.equal((await statusOf(folder)).state, 'finished');
    assert.equal((await statusOf(folder)).progress, 1);
    assert.equal((await statusOf(folder)).sizeRatio, report.ratios.bytes);
    const scores = await readTestScores(folder);
    assert.ok(scores?.baseline);
    assert.equal(scores.test, data.test);
    for (const [of, { accuracy, samples }] of [
      [scores.student, report.student.test],
      [scores.baseline, report.baseline.test],
    ] as const) {
      assert.equal(of.sums.reduce((sum, right) => sum + right, 0) / samples, accuracy);
      assert.ok(of.counts.length === samples && of.counts.every((count) => count === 1));
    }
    const lines = (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    assert.ok(lines.length > 10);
    for (const line of lines) JSON.parse(line);
    const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [event.network] : []));
    assert.deepEqual(epochs, ['teacher', ...Array<string>(3).fill('student'), ...Array<string>(3).fill('baseline')]);
  });

  it('reports exactly what plain ONNX Runtime computes from student.onnx', async () => {
    const { result, folder } = await run({ ...tinyExperiment, baseline: false });
    assert.equal(result.state, 'finished');
    const dataset = await openDataset(datasetOptions(smallDigits(), { limit: 400 }), {
      baseDirectory: folder,
      seed: 0,
    });
    const { count } = dataset.test;
    const labels = labelsOf(dataset.test);
    const samples = new Float32Array(count * 784);
    await dataset.test.read(
      Array.from({ length: count }, (_, index) => index),
      samples,
    );
    const session = await InferenceSession.create(join(folder, 'student.onnx'));
    const { logits } = await session.run({ input: new Tensor('float32', samples, [count, 1, 28, 28]) });
    await session.release();
    let errors = 0;
    for (let sample = 0; sample < count; sample++) {
      const row = Array.from(logits!.data.slice(sample * 10, sample * 10 + 10) as Float32Array);
      if (row.indexOf(Math.max(...row)) !== labels[sample]) errors++;
    }
    assert.equal(result.report.student.test.errors!, errors);
    assert.equal(result.report.student.test.accuracy!, (count - errors) / count);
  });

  it('is bit-identical for one seed and differs for another', async () => {
    const small = { ...tinyExperiment, baseline: false, training: { epochs: 1, batchSize: 50 } };
    const first = await run(small);
    const again = await run(small);
    const epochsOf = (finished: FinishedRun) => finished.events.filter((event) => event.kind === 'epoch');
    assert.deepEqual(epochsOf(first), epochsOf(again));
    const other = await run({ ...small, training: { ...small.training, seed: 1 } });
    const weights = await weightsOf(join(first.folder, 'student.onnx'));
    assert.ok(weights.equals(await weightsOf(join(again.folder, 'student.onnx'))));
    assert.ok(!weights.equals(await weightsOf(join(other.folder, 'student.onnx'))));
  });

  it('trains convnets with batch normalisation whose exported form uses the running statistics', async () => {
    const student = { architecture: 'convnet' as const, channels: [16, 16] };
    const { result } = await run({
      ...tinyExperiment,
      student,
      baseline: false,
      training: { epochs: 4, batchSize: 50, learningRate: 0.005 },
    });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.75, `accuracy ${result.report.student.test.accuracy!}`);
  });

  it('trains without a teacher', async () => {
    const { result } = await run({ ...tinyExperiment, teacher: null, objective: [{ loss: 'labels', weight: 1 }] });
    assert.equal(result.state, 'finished');
    assert.equal(result.report.teacher, null);
    assert.equal(result.report.baseline, null);
    assert.equal(result.report.agreement, null);
  });

  it('stops within a second in the middle of the student and keeps a usable one', async () => {
    let abortedAt = 0;
    const long = { ...tinyExperiment, training: { epochs: 10_000, batchSize: 50 } };
    const { result, folder } = await run(long, (event, controller) => {
      if (event.kind !== 'epoch' || event.network !== 'student' || event.epoch !== 3) return;
      abortedAt = performance.now();
      controller.abort();
    });
    const seconds = (performance.now() - abortedAt) / 1000;
    assert.ok(seconds < 1, `it took ${seconds} s`);
    assert.equal(result.state, 'cancelled');
    assert.equal((await statusOf(folder)).state, 'cancelled');
    assert.ok(!existsSync(join(folder, 'report.json')));
    const session = await InferenceSession.create(join(folder, 'student.onnx'));
    const { logits } = await session.run({ input: new Tensor('float32', new Float32Array(784), [1, 1, 28, 28]) });
    await session.release();
    assert.ok((logits!.data as Float32Array).every(Number.isFinite));
  });

  it('reports the student when only the baseline was stopped', async () => {
    const { result, folder } = await run(tinyExperiment, (event, controller) => {
      if (event.kind === 'epoch' && event.network === 'baseline') controller.abort();
    });
    assert.equal(result.state, 'cancelled');
    assert.equal(result.report?.partial, true);
    assert.equal(result.report.baseline, null);
    assert.ok(existsSync(join(folder, 'report.json')));
  });

  it('trains in half precision, and says that the CPU is slow at it', async () => {
    const training = { learningRate: 0.01, epochs: 4, batchSize: 50, precision: 'float16' } as const;
    const { result, events } = await run({ ...tinyExperiment, baseline: false, training });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.5);
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.problem] : []));
    assert.ok(warnings.some(({ where, message }) => where === 'training.precision' && /slower/.test(message)));
  });

  it('computes products in bfloat16 where the processor has them, and says where it has not', async () => {
    const training = { learningRate: 0.01, epochs: 4, batchSize: 50, precision: 'bfloat16' } as const;
    const { result, events } = await run({ ...tinyExperiment, baseline: false, training });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.5);
    const used = (await hasBfloat16Products()) ? 'bfloat16' : 'float32';
    assert.deepEqual(result.report.device.precision, { wanted: 'bfloat16', used });
    const said = events.flatMap((event) => (event.kind === 'warning' ? [event.problem] : []));
    const ofPrecision = said.filter(({ where }) => where === 'training.precision').map(({ message }) => message);
    if (used === 'bfloat16') assert.deepEqual(ofPrecision, []);
    else assert.match(ofPrecision.join(), /^ONNX Runtime knows no .* Trains in float32, which is more exact\.$/);
  });

  it('says that training diverged instead of going on with NaN', async () => {
    const overflowing = { ...tinyExperiment.dataset, normalization: { mean: [-1e30], std: [1e-20] } };
    const diverging = {
      ...tinyExperiment,
      teacher: null,
      dataset: overflowing,
      objective: [{ loss: 'labels' as const, weight: 1 }],
    };
    let folder = '';
    await assert.rejects(
      run(diverging, (event) => {
        if (event.kind === 'started') folder = event.folder;
      }),
      (error) => error instanceof DistilleryError && error.code === 'DIVERGED' && /diverged/.test(error.message),
    );
    const status = await statusOf(folder);
    assert.equal(status.state, 'failed');
    assert.match(status.problems?.[0]?.message ?? '', /diverged/);
  });

  it('refuses everything that does not fit at once and writes nothing', async () => {
    let started = false;
    await assert.rejects(
      run(
        {
          ...tinyExperiment,
          teacher: { model: 'nowhere.onnx' },
          student: { architecture: 'convnet', channels: [8, 8, 8, 8, 8, 8] },
          objective: [{ loss: 'labels', weight: 0 }],
        },
        (event) => {
          if (event.kind === 'started') started = true;
        },
      ),
      (error) => {
        assert.ok(error instanceof BadInputError);
        assert.deepEqual(error.problems.map(({ where }) => where).sort(), ['objective', 'student', 'teacher.model']);
        return true;
      },
    );
    assert.equal(started, false);
  });
});
