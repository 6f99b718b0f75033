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

describe('a teacher that is a file, on series that are scaled for the student', () => {
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

  it('is asked in the units that it knows', async () => {
    const [scaled, plain] = [await answersWith(), await answersWith('none')];
    assert.equal(scaled.length, 24);
    const furthest = Math.max(...scaled.map((value, index) => Math.abs(value - (plain[index] ?? NaN))));
    assert.ok(furthest < 1e-3 * Math.max(...plain.map(Math.abs)), `${furthest} off`);
  });

  it('is asked in the units that its file names, however the data are scaled', async () => {
    const own = await answersWith({ mean: [20, 4], std: [40, 3] }, 'told.onnx');
    for (const answers of [await answersWith(undefined, 'told.onnx'), await answersWith('none', 'told.onnx')]) {
      const furthest = Math.max(...answers.map((value, index) => Math.abs(value - (own[index] ?? NaN))));
      assert.ok(furthest < 1e-3 * Math.max(...own.map(Math.abs)), `${furthest} off`);
    }
  });
});
