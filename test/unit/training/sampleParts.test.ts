import assert from 'node:assert/strict';
import type { SamplePart } from '../../../src/data/task.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import type { DataType, Dimension } from '../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor } from '../../../src/platform/onnxRuntime.ts';
import { describeParts, networkInputs } from '../../../src/training/networkInputs.ts';
import { matchParts, readPieces, valuesOfPieces } from '../../../src/training/sampleParts.ts';

const table: readonly SamplePart[] = [
  { name: 'Age', shape: [1] },
  { name: 'port', shape: [3], isCategory: true },
  { name: 'fare', shape: [1] },
  { name: 'sex', shape: [1], isCategory: true },
];

type Wanted = readonly [name: string, shape: readonly Dimension[], type?: DataType];

function inputsOf(wanted: readonly Wanted[]) {
  const graph = new Graph();
  return wanted.map(([name, shape, type = 'float32']) => graph.input(name, type, ['batch', ...shape]));
}

const match = (parts: readonly SamplePart[], ...wanted: Wanted[]) =>
  matchParts(inputsOf(wanted), parts).map(({ parts: names, shape }) => [names.join('+'), shape.join()]);

describe('several inputs of a network', () => {
  it('take the parts of a sample that are called like them, whatever signs the exporter left', () => {
    assert.deepEqual(match(table, ['fare', [1]], ['age', ['n']], ['port', [3]]), [
      ['fare', '1'],
      ['Age', '1'],
      ['port', '3'],
    ]);
    assert.deepEqual(match(table, ['sex', [], 'int64'], ['port', [1], 'int64']), [
      ['sex', ''],
      ['port', '1'],
    ]);
  });

  it('else take what is left by its shape, categories where they are whole numbers', () => {
    assert.deepEqual(match(table, ['x_cont', [2]], ['x_cat', [2], 'int64']), [
      ['Age+fare', '2'],
      ['port+sex', '2'],
    ]);
    const arrays = [
      { name: 'a', shape: [7] },
      { name: 'b', shape: [3, 8, 8] },
    ];
    assert.deepEqual(match(arrays, ['x', [3, 'h', 'w']], ['y', [7]]), [
      ['b', '3,8,8'],
      ['a', '7'],
    ]);
    assert.deepEqual(match(table, ['first', [4]], ['second', ['rest']]), [
      ['Age+port', '4'],
      ['fare+sex', '2'],
    ]);
  });

  it('are refused by name where nothing fits, or something would be left by chance', () => {
    const refused = (message: RegExp, hint: RegExp, ...wanted: Wanted[]): void => {
      assert.throws(() => match(table, ...wanted), { message, hint } as object);
    };
    refused(
      /'port' \(float32\) takes \[1\] of a sample, but 'port' of the dataset has \[3\]/,
      /int64/,
      ['port', [1]],
      ['age', [1]],
    );
    refused(
      /'one' \(float32 \[1\]\) takes no part of the dataset.*left 'sex' \[1\]/,
      /Call the columns/,
      ['one', [1]],
      ['two', [4]],
    );
    refused(/'words' is of type string/, /float32/, ['words', [1], 'string'], ['age', [1]]);
    assert.throws(
      () =>
        networkInputs(
          inputsOf([
            ['a', [2]],
            ['b', [2]],
          ]),
        ),
      /several inputs that are called like parts/,
    );
  });

  it('read the same in memory and in a graph', async () => {
    const rows = Float32Array.of(0.5, 0, 1, 0, 7, 1, -0.5, 0, 0, 1, 8, 0);
    const graph = new Graph();
    const wanted = inputsOf([
      ['cat', [2], 'int64'],
      ['cont', [2]],
    ]);
    const taken = matchParts(wanted, table);
    const samples = graph.input('samples', 'float32', ['batch', 6]);
    taken.forEach((each, index) => {
      graph.output(valuesOfPieces(graph, samples, each, wanted[index]!.type), `out${index}`);
    });
    const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'parts' })));
    const outputs = await session.run({ samples: new Tensor('float32', rows, [2, 6]) });
    await session.release();
    taken.forEach((each, index) => {
      const expected = index === 0 ? [1, 1, 2, 0] : [0.5, 7, -0.5, 8];
      assert.deepEqual([...readPieces(rows, each, 6)], expected);
      assert.deepEqual(Array.from(outputs[`out${index}`]!.data as Float32Array, Number), expected);
      assert.deepEqual(outputs[`out${index}`]!.dims, [2, 2]);
    });
    const inputs = networkInputs(wanted, { kind: 'values', parts: table });
    assert.equal(
      describeParts(inputs, 'The model'),
      "The model's inputs take parts of every sample: 'cat' port, sex; 'cont' Age, fare.",
    );
  });
});
