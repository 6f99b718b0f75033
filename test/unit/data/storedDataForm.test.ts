import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Dataset, DatasetOptions } from '../../../src/data/dataset.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { randomStream } from '../../../src/data/random.ts';
import { checkDataForm, dataFormMetadata, describeDataForm, storedDataForm } from '../../../src/data/storedDataForm.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { datasetOptions } from '../../support/datasets.ts';

const baseDirectory = fileURLToPath(new URL('../../../examples/data', import.meta.url));

const open = (path: string, options: Partial<DatasetOptions> = {}): Promise<Dataset> =>
  openDataset(datasetOptions(path, options), { baseDirectory, seed: 0 });

/** Any model that says it was made for a dataset. */
function madeFor(dataset: Dataset): ModelProto {
  const graph = buildStudent({ architecture: 'mlp', hidden: [2] }, classifierForm([2], 2), randomStream(1, 'weights'));
  return exportModel(graph, { name: 'net', metadata: dataFormMetadata(dataset) });
}

describe('the data that a model was made for', () => {
  it('raise no warning when the dataset is prepared the same way', async () => {
    for (const path of ['builtin:digits', 'fruit.csv', 'reviews.tsv']) {
      const dataset = await open(path, { length: 16 });
      assert.deepEqual(checkDataForm(madeFor(dataset), dataset, 'teacher.model'), [], path);
    }
  });

  it('raise a warning that names every difference', async () => {
    const warnings = async (made: Dataset | Promise<Dataset>, found: Dataset | Promise<Dataset>): Promise<string[]> =>
      checkDataForm(madeFor(await made), await found, 'teacher.model').map(
        ({ where, message }) => `${where}: ${message}`,
      );
    const digits = await open('builtin:digits', { normalization: 'mnist' });
    assert.deepEqual(await warnings(digits, open('builtin:digits')), [
      'teacher.model: The model was made for values normalised with mean 0.1307 and deviation 0.3081, but those of this ' +
        'dataset are not normalised.',
    ]);
    const { task } = digits;
    assert.ok(task.kind === 'classification');
    const classes = task.classes.with(3, 'eight').with(8, 'three');
    assert.deepEqual(await warnings(digits, { ...digits, task: { ...task, classes } }), [
      "teacher.model: The model was made for other classes: '3' as number 4 where this dataset has 'eight'.",
    ]);
    const fruit = await open('fruit.csv');
    assert.deepEqual(await warnings(fruit, { ...digits, task: fruit.task }), [
      'teacher.model: The model was made for tables, but this dataset has images.',
    ]);
    const [scaled] = await warnings(fruit, open('fruit.csv', { scaling: 'none' }));
    assert.match(
      scaled ?? '',
      /other columns: 'mass_g \(− [\d.]+, ÷ [\d.]+\)' as number 1 where this dataset has 'mass_g \(− 0, ÷ 1\)'/,
    );
    const [shorter] = await warnings(open('reviews.tsv', { length: 16 }), open('reviews.tsv', { length: 20 }));
    assert.match(shorter ?? '', /other tokens: '16 tokens' as number 1 where this dataset has '20 tokens'/);
  });

  it('are described for whoever uses the model', async () => {
    const described = async (path: string, options: Partial<DatasetOptions> = {}): Promise<string> => {
      const form = storedDataForm(dataFormMetadata(await open(path, options)));
      assert.ok(form);
      return describeDataForm(form)
        .map(([name, fact]) => `${name}: ${fact}`)
        .join('\n');
    };
    assert.equal(
      await described('builtin:digits', { normalization: 'mnist' }),
      'Task: classification\nClasses: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\nSample: pixels [1, 28, 28], NCHW\n' +
        'Preparation: divided by 255; normalised with mean 0.1307 and deviation 0.3081',
    );
    assert.match(await described('houses.csv'), /^Predicted numbers: price = output × [\d.]+ \+ [\d.]+$/m);
    assert.match(await described('houses.csv'), /^Preparation: \w+ \(− [\d.]+, ÷ [\d.]+\), /m);
    assert.match(await described('reviews.tsv', { length: 16 }), /^Preparation: tokens of \d+ words, 16 of them$/m);
  });

  it('are not known of other models', () => {
    assert.equal(storedDataForm({}), undefined);
    assert.equal(storedDataForm({ 'distillery.data': '{}' }), undefined);
  });
});
