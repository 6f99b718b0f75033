import assert from 'node:assert/strict';
import { join } from 'node:path';
import { BadInputError } from '../../src/errors.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import { ints } from '../../src/onnx/graph.ts';
import { floatTensor } from '../../src/onnx/tensor.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { labelsAlone, removeRuns, run, tinyExperiment } from '../support/runs.ts';
import { storedModel } from '../support/storedModel.ts';

describe('the operator set of a student', () => {
  after(removeRuns);

  it('is the one that the experiment asks for, in every form of the student', async () => {
    const { folder } = await run({
      ...tinyExperiment,
      training: { ...tinyExperiment.training, epochs: 1 },
      export: { opset: 15 },
      rawInput: true,
      quantization: { staticInt8: true, dynamicInt8: true, largestDrop: 1 },
    });
    const forms = ['student', 'baseline', 'student.raw', 'student.static-int8', 'student.dynamic-int8'];
    for (const form of forms) {
      const { proto } = await loadModel(join(folder, `${form}.onnx`));
      assert.equal(proto.opsetImport.find(({ domain }) => domain === '')?.version, 15n, form);
    }
  });

  it('is refused before the run where it lacks an operator of the student', async () => {
    const folder = temporaryFolder();
    try {
      const path = join(folder, 'dilated.onnx');
      await saveModel(
        path,
        storedModel(19, {
          inputs: { x: ['batch', 1, 28, 28] },
          initializers: { w: floatTensor(new Float32Array(10 * 9).fill(0.1), [10, 1, 3, 3]) },
          nodes: [
            ['AveragePool', 'x', 'pooled', { kernel_shape: ints([2, 2]), dilations: ints([2, 2]) }],
            ['Conv', 'pooled w', 'conv', { kernel_shape: ints([3, 3]) }],
            ['GlobalAveragePool', 'conv', 'mean'],
            ['Flatten', 'mean', 'logits'],
          ],
          outputs: ['logits'],
        }),
      );
      await assert.rejects(
        run({
          ...tinyExperiment,
          teacher: null,
          objective: labelsAlone,
          student: { model: path },
          export: { opset: 13 },
        }),
        (error) => {
          assert.ok(error instanceof BadInputError);
          const problem = error.problems.find(({ where }) => where === 'export.opset');
          assert.ok(problem, JSON.stringify(error.problems));
          assert.match(problem.message, /\(AveragePool\) can be written from operator set 19 on only/);
          assert.match(problem.hint ?? '', /Choose opset 19/);
          return true;
        },
      );
    } finally {
      removeFolder(folder);
    }
  });
});
