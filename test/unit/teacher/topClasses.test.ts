import assert from 'node:assert/strict';
import { join } from 'node:path';
import { shuffledBatches } from '../../../src/data/batches.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { randomStream } from '../../../src/data/random.ts';
import { usualObjective } from '../../../src/objectives/chooseObjective.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../src/onnx/file.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { OutputCache } from '../../../src/teacher/cache/outputCache.ts';
import type { Precision } from '../../../src/teacher/cache/outputsFile.ts';
import { teach, type TeachOptions } from '../../../src/teacher/teach.ts';
import { TopClasses } from '../../../src/teacher/topClasses.ts';
import { loadNetwork, openNetwork } from '../../../src/training/engines/networkFile.ts';
import { teacherInput } from '../../../src/training/trainingTask.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../support/datasets.ts';

const probabilitiesOf = (logits: Float32Array): number[] => {
  const exponentials = [...logits].map(Math.exp);
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
};

/** What is left of a distribution whose k largest probabilities are kept. */
function cutDown(probabilities: readonly number[], kept: number): number[] {
  const threshold = [...probabilities].sort((one, other) => other - one)[kept - 1]!;
  const rest = probabilities.filter((probability) => probability < threshold).reduce((sum, value) => sum + value, 0);
  const others = probabilities.length - kept;
  return probabilities.map((probability) => (probability >= threshold ? probability : rest / others));
}

function assertClose(actual: readonly number[], expected: readonly number[], relative: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) => {
    assert.ok(Math.abs(value - expected[index]!) <= relative * expected[index]!, `${value} is not ${expected[index]}`);
  });
}

describe('TopClasses', () => {
  it('keeps the largest probabilities, and spreads the rest evenly', () => {
    const top = new TopClasses({ output: 'p', kind: 'probabilities', classes: 4, kept: 2 });
    const outputs = new Map([
      ['p', Float32Array.of(0.1, 0.6, 0.05, 0.25, 0.25, 0.25, 0.25, 0.25)],
      ['inside', Float32Array.of(7, 8)],
    ]);
    const packed = top.pack(outputs);
    assert.deepEqual([...packed.keys()], [...top.tables, 'inside']);
    assert.deepEqual(packed.get(top.exactTables[0]!), Float32Array.of(1, 3, 0, 1));
    const unpacked = top.unpack(packed);
    assert.deepEqual([...unpacked.keys()], ['p', 'inside']);
    assert.deepEqual(unpacked.get('inside'), Float32Array.of(7, 8));
    const restored = [...unpacked.get('p')!].map(Math.exp);
    assertClose(restored, [0.075, 0.6, 0.075, 0.25, 0.25, 0.25, 0.25, 0.25], 1e-6);
  });

  it('takes logits of any size, and probabilities of nothing', () => {
    const top = new TopClasses({ output: 'y', kind: 'logits', classes: 3, kept: 1 });
    const restored = top
      .unpack(top.pack(new Map([['y', Float32Array.of(1000, 998, 998, -500, -500, -500)]])))
      .get('y')!;
    const first = probabilitiesOf(Float32Array.of(2, 0, 0));
    assertClose([...restored].map(Math.exp), [...first, 1 / 3, 1 / 3, 1 / 3], 1e-6);
    const certain = new TopClasses({ output: 'y', kind: 'probabilities', classes: 3, kept: 1 });
    const logits = certain.unpack(certain.pack(new Map([['y', Float32Array.of(0, 1, 0)]]))).get('y')!;
    assert.ok(logits.every(Number.isFinite));
    assert.ok(logits[0]! < -80 && logits[1] === 0);
  });
});

describe('outputs of a teacher that are cut down', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  for (const precision of ['float32', 'float16'] as const) {
    it(`are the same computed and read at ${precision}, row by row what the live teacher says most`, async () => {
      const kept = 3;
      const dataset = await openDataset(datasetOptions('builtin:digits', { limit: 100 }), {
        baseDirectory: '.',
        seed: 0,
      });
      const form = classifierForm([784], 10);
      const graph = buildStudent({ architecture: 'mlp', hidden: [12] }, form, randomStream(1, 'weights'));
      const path = join(folder, 'teacher.onnx');
      await saveModel(path, exportModel(graph, { name: 'teacher' }));
      const model = await loadNetwork(path, { sampleShape: [1, 28, 28] });
      const order = [...shuffledBatches(100, 16, randomStream(3, 'order'))];
      const ask = async (asking: TeachOptions['asking']): Promise<[Float32Array, string[]]> => {
        const kinds: string[] = [];
        const outputs = new OutputCache({
          folder: join(folder, precision),
          precision: precision satisfies Precision,
          onEvent: ({ kind }) => kinds.push(kind),
        });
        const taught = await teach(
          { members: [{ model, weight: 1 }] },
          {
            dataset,
            objective: usualObjective('classification', true),
            device: 'cpu',
            seed: 0,
            asking,
            topK: kept,
            cache: { outputs, datasetPath: 'builtin:digits' },
            signal: new AbortController().signal,
            onProgress: () => undefined,
          },
        );
        const all = new Float32Array(order.length * 160);
        for (const [number, indices] of order.entries()) {
          const samples = new Float32Array(16 * 784);
          await dataset.training.read(indices, samples);
          const rows = all.subarray(number * 160, (number + 1) * 160);
          await taught.teaching.write({ indices, samples, epoch: 1 }, { [teacherInput(0)]: rows });
        }
        await taught.dispose();
        return [all, kinds];
      };
      const [computed, firstKinds] = await ask({ kind: 'first-epoch', held: 'in-memory', batchesOf: () => order });
      assert.deepEqual(firstKinds, ['written', 'written']);
      const [read, kinds] = await ask({ kind: 'beforehand', held: 'in-memory' });
      assert.deepEqual(kinds, ['read', 'read']);
      assert.deepEqual(read, computed);
      const live = await openNetwork(model, { ...dataset, device: 'cpu', batchSize: 1 });
      try {
        for (const [position, index] of order.flatMap((batch) => [...batch]).entries()) {
          const sample = new Float32Array(784);
          await dataset.training.read([index], sample);
          const said = probabilitiesOf((await live.run(sample)).get(model.output)!);
          const restored = [...computed.subarray(position * 10, (position + 1) * 10)].map(Math.exp);
          assertClose(restored, cutDown(said, kept), precision === 'float32' ? 1e-4 : 5e-3);
        }
      } finally {
        await live.dispose();
      }
    });
  }
});
