import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset, DatasetOptions } from '../../../../src/data/dataset.ts';
import { openDataset } from '../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { networkFormOf } from '../../../../src/preflight/networks/networkFormOf.ts';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import { withRawInput } from '../../../../src/run/stages/rawInputStage.ts';
import { checkRawInput } from '../../../../src/preflight/checks/checkRawInput.ts';
import { storedDataForm } from '../../../../src/data/storedDataForm.ts';
import { outputShapeOf } from '../../../../src/data/task.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { elementCount } from '../../../../src/onnx/tensor.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { loadNetwork, openNetwork } from '../../../../src/training/engines/networkFile.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const baseDirectory = fileURLToPath(new URL('../../../../examples/data', import.meta.url));

describe('a student that prepares its data itself', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });
  const open = (path: string, options: Partial<DatasetOptions>): Promise<Dataset> =>
    openDataset(datasetOptions(path, options), { baseDirectory, seed: 0 });

  /** Outputs of a student for the test split, and those of the one with the preparation in it for raw values. */
  async function both(prepared: Dataset, raw: (values: Float32Array) => Promise<Float32Array>) {
    const { task, sampleShape, test } = prepared;
    const form = networkFormOf(prepared, outputShapeOf(task, sampleShape) ?? []);
    const graph = buildStudent({ architecture: 'mlp', hidden: [8] }, form, randomStream(2, 'weights'));
    const [plainFile, rawFile] = [join(folder, 'student.onnx'), join(folder, 'raw.onnx')];
    await saveModel(plainFile, exportModel(graph, { name: 'student' }));
    const student = await loadNetwork(plainFile, { sampleShape });
    await saveModel(rawFile, withRawInput(student, prepared));
    const { preparation } = prepared;
    const own = (preparation.kind === 'table' ? preparation.columns : []).filter(
      (code) => code.kind !== 'number' || !code.part,
    );
    const rawShape = preparation.kind === 'table' ? [own.length] : sampleShape;
    const rawStudent = await loadNetwork(rawFile, { sampleShape: rawShape });
    const samples = new Float32Array(test.count * elementCount(sampleShape));
    await test.read([...Array(test.count).keys()], samples);
    const results: Float32Array[] = [];
    for (const [network, values, shape] of [
      [student, samples, sampleShape],
      [rawStudent, await raw(samples), rawShape],
    ] as const) {
      const predictor = await openNetwork(network, {
        ...prepared,
        sampleShape: shape,
        device: 'cpu',
        batchSize: test.count,
      });
      results.push((await predictor.run(values)).get(network.output) ?? new Float32Array(0));
      await predictor.dispose();
    }
    const [fromPrepared = new Float32Array(0), fromRaw = new Float32Array(0)] = results;
    return { fromPrepared, fromRaw, rawStudent };
  }

  function near(actual: Float32Array, expected: Float32Array): void {
    assert.equal(actual.length, expected.length);
    actual.forEach((value, index) => {
      const other = expected[index] ?? NaN;
      assert.ok(Math.abs(value - other) < 1e-4 * (1 + Math.abs(other)), `${index}: ${value} is not ${other}`);
    });
  }

  it('takes pixels of 0…255 and says so', async () => {
    const dataset = await open('builtin:digits', { normalization: 'mnist', limit: 100 });
    const plain = await open('builtin:digits', { limit: 100 });
    const { fromPrepared, fromRaw, rawStudent } = await both(dataset, async (samples) => {
      const values = new Float32Array(samples.length);
      await plain.test.read([...Array(plain.test.count).keys()], values);
      return values.map((value) => value * 255);
    });
    near(fromRaw, fromPrepared);
    const metadata = rawStudent.file.proto.metadataProps.map(({ key, value }) => [key, value] as const);
    assert.deepEqual(storedDataForm(Object.fromEntries(metadata))?.preparation, {
      kind: 'arrays',
      normalization: null,
    });
  });

  it('takes the columns of a table as they stand, NaN for a missing one, and answers in their units', async () => {
    const options = { target: ['q_left', 'q_right'] };
    const dataset = await open('cart-pole.csv', options);
    const plain = await open('cart-pole.csv', { ...options, scaling: 'none' });
    const { preparation } = dataset;
    assert.ok(preparation.kind === 'table' && preparation.targets.length === 2);
    const { fromPrepared, fromRaw } = await both(dataset, async (samples) => {
      // The first number of the first sample is missing, which is the mean and so 0 once it is scaled.
      samples[0] = 0;
      const values = new Float32Array(samples.length);
      await plain.test.read([...Array(plain.test.count).keys()], values);
      values[0] = NaN;
      return values;
    });
    const inUnits = fromPrepared.map((value, index) => {
      const { mean, std } = preparation.targets[index % 2]!;
      return value * std + mean;
    });
    near(fromRaw, inUnits);
  });

  it('takes NaN where a number of a table is missing, and finds out itself where that is', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => `${row % 3 === 0 ? '' : row},${(row * 7) % 11},${row % 2}`);
    const file = join(folder, 'gaps.csv');
    writeFileSync(file, `a,b,label\n${rows.join('\n')}`);
    const dataset = await open(file, {});
    const columns = dataset.preparation.kind === 'table' ? dataset.preparation.columns : [];
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['a', 'a.missing', 'b'],
    );
    const { fromPrepared, fromRaw, rawStudent } = await both(dataset, (samples) => {
      const raw = new Float32Array((samples.length / 3) * 2);
      for (let row = 0; row < samples.length / 3; row++) {
        const [a, missing, b] = samples.subarray(3 * row, 3 * row + 3);
        const unscaled = [a ?? NaN, b ?? NaN].map((value, index) => {
          const code = columns[2 * index];
          return code?.kind === 'number' ? value * code.std + code.mean : NaN;
        });
        raw.set([missing === 1 ? NaN : (unscaled[0] ?? NaN), unscaled[1] ?? NaN], 2 * row);
      }
      return Promise.resolve(raw);
    });
    near(fromRaw, fromPrepared);
    assert.deepEqual(rawStudent.inputs.at(-1)?.shape.slice(1), [2]);
  });

  it('is refused for categories and texts', async () => {
    const experiment = parseExperiment({
      teacher: null,
      dataset: { path: 'x' },
      student: { architecture: 'mlp', hidden: [4] },
      rawInput: true,
    });
    const told = async (path: string, options: Partial<DatasetOptions> = {}): Promise<string[]> =>
      checkRawInput(experiment, await open(path, options)).map(({ message }) => message);
    assert.match((await told('fruit.csv'))[0] ?? '', /cannot prepare the categories of '\w+' itself/);
    assert.match((await told('reviews.tsv', { length: 8 }))[0] ?? '', /cannot prepare texts itself/);
    assert.deepEqual(await told('half-moons.csv'), []);
  });
});
