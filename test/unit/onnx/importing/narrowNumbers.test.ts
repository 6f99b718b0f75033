import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { InferenceSession } from '../../../../src/platform/onnxRuntime.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { isNarrow, wideTensor } from '../../../../src/onnx/importing/narrowNumbers.ts';
import { TensorProtoSchema } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, toNumbers } from '../../../../src/onnx/tensor.ts';
import { storedModel } from '../../../support/storedModel.ts';

const narrow = (dataType: number, dims: readonly number[], bytes: readonly number[]) =>
  create(TensorProtoSchema, { name: 'w', dataType, dims: dims.map(BigInt), rawData: Uint8Array.from(bytes) });

const ALL = Array.from({ length: 256 }, (_, byte) => byte);

/** A model that turns a stored tensor of a narrow type into float32. */
function castModel(dataType: number, count: number) {
  const model = storedModel(21, {
    initializers: { w: floatTensor([0]) },
    nodes: [['Cast', 'w', 'y', { to: { kind: 'int', value: 1 } }]],
    outputs: ['y'],
  });
  model.graph!.initializer = [narrow(dataType, [count], ALL)];
  return model;
}

describe('numbers of fewer than 8 bits, and floats of 8', () => {
  for (const [dataType, name, count] of [
    [17, 'float8e4m3fn', 256],
    [18, 'float8e4m3fnuz', 256],
    [19, 'float8e5m2', 256],
    [20, 'float8e5m2fnuz', 256],
    [21, 'uint4', 512],
    [22, 'int4', 512],
  ] as const) {
    it(`are as ONNX Runtime reads them: ${name}`, async () => {
      const session = await InferenceSession.create(encodeModel(castModel(dataType, count)), { logSeverityLevel: 4 });
      const wanted = (await session.run({}))['y']?.data as Float32Array;
      await session.release();
      assert.deepEqual(toNumbers(wideTensor(narrow(dataType, [count], ALL))), [...wanted]);
    });
  }

  it('are read as the format defines them where ONNX Runtime knows none', () => {
    const read = (dataType: number, count: number, ...bytes: number[]): readonly number[] =>
      toNumbers(wideTensor(narrow(dataType, [count], bytes)));
    assert.deepEqual(
      read(23, 16, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe),
      [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6],
    );
    assert.deepEqual(read(24, 4, 0, 126, 127, 255), [2 ** -127, 0.5, 1, Number.NaN]);
    assert.deepEqual(read(25, 5, 0b11_10_01_00, 0b10), [0, 1, 2, 3, 2]);
    assert.deepEqual(read(26, 5, 0b11_10_01_00, 0b10), [0, 1, -2, -1, -2]);
  });

  it('are told from others, and their length is checked', () => {
    assert.deepEqual(
      [1, 3, 16, 17, 22, 26].map((dataType) => isNarrow({ dataType })),
      [false, false, false, true, true, true],
    );
    assert.throws(() => wideTensor(narrow(22, [5], [1, 2])), /'w' of shape \[5\] has 2 bytes instead of 3/);
  });

  it('are imported, but nothing that rounds to them', () => {
    const model = storedModel(21, {
      inputs: { x: ['n', 2] },
      initializers: { s: floatTensor(0.5, []), w: floatTensor([0]) },
      nodes: [
        ['DequantizeLinear', 'w s', 'kernel'],
        ['MatMul', 'x kernel', 'y'],
      ],
      outputs: ['y'],
    });
    model.graph!.initializer = [...model.graph!.initializer.slice(0, 1), narrow(22, [2, 2], [0xf1, 0x72])];
    const graph = importGraph(model, { batch: 1 });
    assert.deepEqual(toNumbers(graph.initializers.get('w')!), [1, -1, 2, 7]);
    model.graph!.node[0]!.opType = 'QuantizeLinear';
    model.graph!.node[0]!.input = ['x', 's', 'w'];
    assert.throws(() => importGraph(model, { batch: 1 }), /\(QuantizeLinear\) rounds to numbers of fewer than 8 bits/);
  });
});
