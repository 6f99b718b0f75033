import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetOptions } from '../../../../src/data/dataset.ts';
import { dataFormMetadata } from '../../../../src/data/storedDataForm.ts';
import { Random } from '../../../../src/data/random.ts';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import type { Experiment } from '../../../../src/experiment/schema.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { preflight } from '../../../../src/preflight/preflight.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { openNetwork } from '../../../../src/training/engines/networkFile.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const HEAD = '@problemName Made\n@timeStamps false\n@classLabel true up down\n@data\n';

describe('series and networks that are files', () => {
  const folder = temporaryFolder();
  before(async () => {
    const line = (index: number): string =>
      `${index},200,${3 * index},4:9,${index % 7},9,9:${index % 2 === 0 ? 'up' : 'down'}`;
    const lines = (count: number): string => Array.from({ length: count }, (_, index) => line(index)).join('\n');
    writeFileSync(join(folder, 'Made_TRAIN.ts'), `${HEAD}${lines(40)}\n`);
    writeFileSync(join(folder, 'Made_TEST.ts'), `${HEAD}${lines(12)}\n`);
    const graph = buildStudent({ architecture: 'mlp', hidden: [8] }, classifierForm([2, 4], 2), new Random(1));
    await saveModel(join(folder, 'teacher.onnx'), exportModel(graph, { name: 'teacher', dynamicBatch: true }));
    const { signal } = new AbortController();
    const known = { mean: [20, 4], std: [40, 3] };
    const experiment = experimentWith('teacher.onnx', known);
    const { dataset } = await preflight(experiment, { baseDirectory: folder, signal, onProgress: () => undefined });
    const metadata = dataFormMetadata(dataset);
    await dataset.dispose();
    await saveModel(join(folder, 'told.onnx'), exportModel(graph, { name: 'told', dynamicBatch: true, metadata }));
  });
  after(() => {
    removeFolder(folder);
  });

  const experimentWith = (model: string, normalization?: DatasetOptions['normalization']): Experiment =>
    parseExperiment({
      teacher: { model },
      dataset: { path: 'Made_TRAIN.ts', ...(normalization !== undefined && { normalization }) },
      student: { architecture: 'mlp', hidden: [4] },
    });

  async function answersWith(
    normalization?: DatasetOptions['normalization'],
    model = 'teacher.onnx',
  ): Promise<readonly number[]> {
    const experiment = experimentWith(model, normalization);
    const { signal } = new AbortController();
    const { dataset, teachers, warnings } = await preflight(experiment, {
      baseDirectory: folder,
      signal,
      onProgress: () => undefined,
    });
    try {
      const isScaled = dataset.preparation.kind === 'arrays' && dataset.preparation.normalization !== null;
      assert.equal(isScaled, normalization !== 'none');
      assert.ok(!warnings.some(({ message }) => message.includes('was made for values')));
      const [member] = teachers?.members ?? [];
      assert.ok(member);
      const predictor = await openNetwork(member.model, { ...dataset, device: 'cpu' });
      try {
        return [...(await predictor.predict(dataset.test))];
      } finally {
        await predictor.dispose();
      }
    } finally {
      await dataset.dispose();
    }
  }

  it('ask a teacher in the units that it knows', async () => {
    const [scaled, plain] = [await answersWith(), await answersWith('none')];
    assert.equal(scaled.length, 24);
    const furthest = Math.max(...scaled.map((value, index) => Math.abs(value - (plain[index] ?? NaN))));
    assert.ok(furthest < 1e-3 * Math.max(...plain.map(Math.abs)), `${furthest} off`);
  });

  it('ask a teacher in the units that its file names, however the data are scaled', async () => {
    const own = await answersWith({ mean: [20, 4], std: [40, 3] }, 'told.onnx');
    for (const answers of [await answersWith(undefined, 'told.onnx'), await answersWith('none', 'told.onnx')]) {
      const furthest = Math.max(...answers.map((value, index) => Math.abs(value - (own[index] ?? NaN))));
      assert.ok(furthest < 1e-3 * Math.max(...own.map(Math.abs)), `${furthest} off`);
    }
  });

  async function settled(
    changes: object,
  ): Promise<{ readonly statistics: object | null; readonly notes: readonly string[] }> {
    const { signal } = new AbortController();
    const { dataset, experiment, notes } = await preflight(
      parseExperiment({
        teacher: null,
        dataset: { path: 'Made_TRAIN.ts' },
        student: { architecture: 'mlp', hidden: [4] },
        ...changes,
      }),
      { baseDirectory: folder, signal, onProgress: () => undefined },
    );
    await dataset.dispose();
    assert.ok(dataset.preparation.kind === 'arrays');
    const { normalization } = experiment.dataset;
    if (normalization !== 'auto') {
      assert.deepEqual(dataset.preparation.normalization, normalization === 'none' ? null : normalization);
    }
    return { statistics: dataset.preparation.normalization, notes };
  }
  const told = { mean: [20, 4], std: [40, 3] };

  it('are scaled as the file of a student says that is trained further, or of its teacher', async () => {
    const ofStudent = await settled({ student: { model: 'told.onnx' } });
    assert.deepEqual(ofStudent, {
      statistics: told,
      notes: ["The values are normalised as the student's file says: mean 20, 4 and deviation 40, 3"],
    });
    const note = "The values are normalised as the teacher's file says: mean 20, 4 and deviation 40, 3";
    const teacher = { model: 'told.onnx' };
    for (const changes of [
      { teacher, student: { shrink: 0.5 } },
      { teacher: { ...teacher, training: { epochs: 1 } } },
    ]) {
      assert.deepEqual(await settled(changes), { statistics: told, notes: [note] });
    }
  });

  it('are left as they are where such a file says nothing, and that is told', async () => {
    const { statistics, notes } = await settled({ student: { model: 'teacher.onnx' } });
    assert.equal(statistics, null);
    assert.match(notes.join(), /^How the values were scaled that it learned from, the student's file does not say/);
  });

  it('are scaled by themselves for a student without a file, and as the experiment says for any', async () => {
    const own = await settled({});
    assert.ok(own.statistics && own.notes.length === 0);
    const dataset = { path: 'Made_TRAIN.ts', normalization: 'none' };
    assert.deepEqual(await settled({ dataset, student: { model: 'told.onnx' } }), { statistics: null, notes: [] });
  });

  it('are refused for a file that was made for other samples by what it takes, not by its scaling', async () => {
    const graph = buildStudent({ architecture: 'mlp', hidden: [8] }, classifierForm([3, 4], 2), new Random(1));
    const other = { kind: 'arrays' as const, normalization: { mean: [1, 1, 1], std: [1, 1, 1] } };
    const form = {
      task: { kind: 'classification' as const, classes: ['down', 'up'] },
      samples: { kind: 'values' as const },
      sampleShape: [3, 4],
    };
    const { signal } = new AbortController();
    const experiment = experimentWith('teacher.onnx');
    const { dataset } = await preflight(experiment, { baseDirectory: folder, signal, onProgress: () => undefined });
    const metadata = dataFormMetadata({ ...dataset, ...form, preparation: other });
    await dataset.dispose();
    await saveModel(join(folder, 'other.onnx'), exportModel(graph, { name: 'other', dynamicBatch: true, metadata }));
    await assert.rejects(settled({ student: { model: 'other.onnx' } }), (error: Error) => {
      assert.match(error.message, /student\.model/);
      assert.doesNotMatch(error.message, /normalization/);
      return true;
    });
  });
});
