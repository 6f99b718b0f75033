import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experimentSchema } from '../../../../src/experiment/schema.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { int, ints } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { preflight } from '../../../../src/preflight/preflight.ts';
import { problemsOf, removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { storedModel, type StoredNodeText } from '../../../support/storedModel.ts';
import { classTable } from '../../../support/tableTeacher.ts';

describe('checkFreedBatch', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  /** Checks a student whose file takes one sample, with these nodes behind its layer. */
  async function check(name: string, nodes: readonly StoredNodeText[]) {
    const model = storedModel(17, {
      inputs: { rows: [1, 2] },
      initializers: { w: floatTensor([1, -2, 3, 0.5, 1, -1], [2, 3]), b: floatTensor([0.1, 0.2, 0.3]) },
      nodes: [['Gemm', 'rows w b', 'z'], ...nodes],
      outputs: ['y'],
    });
    await writeFile(join(folder, 'table.csv'), classTable(60));
    await saveModel(join(folder, `${name}.onnx`), model);
    const experiment = experimentSchema.parse({
      teacher: null,
      dataset: { path: 'table.csv' },
      student: { model: `${name}.onnx` },
      objective: [{ loss: 'labels', weight: 1 }],
    });
    const { signal } = new AbortController();
    return preflight(experiment, { baseDirectory: folder, signal, onProgress: () => undefined });
  }

  it('lets pass what gives samples side by side what it gives each of them', async () => {
    const prepared = await check('alone', [['Identity', 'z', 'y']]);
    await prepared.dataset.dispose();
  });

  it('refuses what mixes the samples of a batch, and says how to export it', async () => {
    const mixing: readonly StoredNodeText[] = [
      ['ReduceMean', 'z', 'mean', { axes: ints([0]), keepdims: int(1) }],
      ['Sub', 'z mean', 'rest'],
      ['Add', 'z rest', 'y'],
    ];
    const [problem, ...others] = await problemsOf(check('mixing', mixing));
    assert.deepEqual(others, []);
    assert.equal(problem?.where, 'student.model');
    assert.match(problem.message, /takes batches of 1 only, and with a free batch it gives something else/);
    assert.match(problem.hint ?? '', /dynamic_shapes/);
  });
});
