import assert from 'node:assert/strict';
import { int, ints } from '../../../../src/onnx/graph.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { batchFirst } from '../../../../src/onnx/importing/batchFirst.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor, type Dimension } from '../../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { storedGraph, storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const [TIME, FEATURES, CLASSES, SAMPLES] = [5, 2, 3, 4];

/** Adds up what a layer gives over time, or gives it for every moment. */
function model(
  input: readonly Dimension[],
  { isSummed = true, nodes }: { readonly isSummed?: boolean; readonly nodes?: readonly StoredNodeText[] } = {},
): ModelProto {
  const last: readonly StoredNodeText[] = isSummed
    ? [['ReduceSum', 'z axis', 'y', { keepdims: int(0) }]]
    : [['Identity', 'z', 'y']];
  return storedModel(17, {
    inputs: { x: input },
    initializers: {
      w: floatTensor([1, -2, 3, 0.5, 4, -1], [FEATURES, CLASSES]),
      axis: intTensor([0]),
      yes: { type: 'bool', shape: [], data: Uint8Array.of(1) },
    },
    nodes: nodes ?? [['MatMul', 'x w', 'z'], ...last],
    outputs: ['y'],
  });
}

const declareOutput = (proto: ModelProto, sizes: readonly Dimension[]): ModelProto => {
  const type = proto.graph?.output[0]?.type?.value;
  const declared = storedModel(17, { inputs: { y: sizes }, nodes: [], outputs: [] }).graph?.input[0]?.type?.value;
  if (type?.case === 'tensorType' && declared?.case === 'tensorType' && declared.value.shape)
    type.value.shape = declared.value.shape;
  return proto;
};

/** Samples [sample, time, feature] with other numbers everywhere. */
const samples = Float32Array.from({ length: SAMPLES * TIME * FEATURES }, (_, index) => Math.sin(index));

/** The same as [time, sample, feature]. */
const timeFirst = samples.map((_, index) => {
  const [time, sample] = [Math.floor(index / (SAMPLES * FEATURES)), Math.floor(index / FEATURES) % SAMPLES];
  return samples[(sample * TIME + time) * FEATURES + (index % FEATURES)] ?? 0;
});

async function give(proto: ModelProto, data: Float32Array, dims: readonly number[]) {
  const session = await InferenceSession.create(encodeModel(proto), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor('float32', data, dims) });
  await session.release();
  return { dims: [...(y?.dims ?? [])], data: Array.from(y?.data as Float32Array) };
}

const shapeOf = (proto: ModelProto | undefined, which: 'input' | 'output'): unknown[] | undefined => {
  const type = proto?.graph?.[which][0]?.type?.value;
  return type?.case === 'tensorType'
    ? type.value.shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : value.value))
    : undefined;
};

describe('batchFirst', () => {
  const sampleShape = [TIME, FEATURES];

  it('takes samples first where the batch is the second axis, by its name or because it is the only open one', async () => {
    const wanted = await give(model([TIME, 'batch', FEATURES]), timeFirst, [TIME, SAMPLES, FEATURES]);
    for (const shape of [
      [TIME, 'batch', FEATURES],
      ['time', 'batch_size', FEATURES],
      [TIME, 'N', FEATURES],
    ]) {
      const found = batchFirst(model(shape), sampleShape);
      assert.ok(found);
      assert.deepEqual(found.turned, [{ name: 'x', shape }]);
      assert.deepEqual(shapeOf(found.model, 'input'), [shape[1], shape[0], FEATURES]);
      assert.deepEqual(await give(found.model, samples, [SAMPLES, TIME, FEATURES]), wanted);
    }
  });

  it('gives samples first, too, whether the file declares the axis of its output or not', async () => {
    const first = await give(model(['batch', TIME, FEATURES], { isSummed: false }), samples, [SAMPLES, TIME, FEATURES]);
    const declared = declareOutput(model([TIME, 'N', FEATURES], { isSummed: false }), [TIME, 'N', CLASSES]);
    const otherwise = declareOutput(model([TIME, 'N', FEATURES], { isSummed: false }), [TIME, 'other', CLASSES]);
    for (const each of [declared, otherwise]) {
      const found = batchFirst(each, sampleShape);
      assert.ok(found);
      assert.deepEqual(shapeOf(found.model, 'output')?.slice(1), [TIME, CLASSES]);
      assert.deepEqual(await give(found.model, samples, [SAMPLES, TIME, FEATURES]), first);
    }
  });

  it('finds a batch that is fixed at 1 behind the length', async () => {
    const found = batchFirst(declareOutput(model([TIME, 1, FEATURES]), [1, CLASSES]), sampleShape);
    assert.deepEqual(shapeOf(found?.model, 'input'), [1, TIME, FEATURES]);
    const one = samples.slice(0, TIME * FEATURES);
    const wanted = await give(model([TIME, 1, FEATURES]), one, [TIME, 1, FEATURES]);
    assert.deepEqual(await give(found!.model, one, [1, TIME, FEATURES]), wanted);
  });

  it('turns what a branch reads', async () => {
    const branch = (name: string) => storedGraph({ nodes: [['MatMul', 'x w', name]], outputs: [name] });
    const nodes: readonly StoredNodeText[] = [
      ['If', 'yes', 'z', { then_branch: branch('a'), else_branch: branch('b') }],
      ['ReduceSum', 'z axis', 'y', { keepdims: int(0) }],
    ];
    const found = batchFirst(model([TIME, 'batch', FEATURES], { nodes }), sampleShape);
    const wanted = await give(model([TIME, 'batch', FEATURES]), timeFirst, [TIME, SAMPLES, FEATURES]);
    assert.deepEqual(await give(found!.model, samples, [SAMPLES, TIME, FEATURES]), wanted);
  });

  it('leaves models alone whose batch comes first, or that are for other samples', () => {
    const squared: readonly StoredNodeText[] = [['Transpose', 'x', 'y', { perm: ints([1, 0]) }]];
    for (const [shape, sample, nodes] of [
      [['batch', TIME, FEATURES], sampleShape],
      [['batch', 'length', FEATURES], sampleShape],
      [['N', 'L', FEATURES], sampleShape],
      [[TIME, TIME, FEATURES], sampleShape],
      [
        [1, 'length', FEATURES],
        [7, FEATURES],
      ],
      [
        [1, 'length', FEATURES],
        [1, FEATURES],
      ],
      [
        [4, 'length', FEATURES],
        [7, FEATURES],
      ],
      [[4, 'length'], [9], squared],
    ] as const) {
      assert.equal(batchFirst(model(shape, nodes && { nodes }), sample), undefined, shape.join());
    }
  });
});
