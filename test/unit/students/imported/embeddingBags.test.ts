import assert from 'node:assert/strict';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { int, ints } from '../../../../src/onnx/graph.ts';
import type { GraphProto, ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { withoutBagLoops } from '../../../../src/students/imported/embeddingBags.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { openForTraining } from '../../../../src/students/imported/openForTraining.ts';
import { storedGraph, storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const LENGTH = 3;
const TABLE = floatTensor(
  Float32Array.from({ length: 20 }, (_, at) => Math.sin(at)),
  [10, 2],
);
const KERNEL = floatTensor([1, -1, 0.5, 2], [2, 2]);
const flag = { type: 'bool', shape: [], data: Uint8Array.of(1) } as const;

/** As PyTorch's older exporter writes it: the loop slices indices, looks them up, and stacks what the rows make. */
function older(reduction: string, inLoop: readonly StoredNodeText[] = []): ModelProto {
  const body: GraphProto = storedGraph({
    inputs: { i: [], go: [] },
    inputTypes: { i: 'int64', go: 'bool' },
    initializers: { zero: intTensor([0]) },
    nodes: [
      ['Gather', 'bounds i', 'first', { axis: int(0) }],
      ['Gather', 'ends i', 'last', { axis: int(0) }],
      ['Unsqueeze', 'first zero', 'from'],
      ['Unsqueeze', 'last zero', 'to'],
      ['Slice', 'flat from to zero', 'indices'],
      ['Gather', 'table indices', 'rows', { axis: int(0) }],
      ...inLoop,
      [reduction, inLoop.length > 0 ? 'weighted' : 'rows', 'bag', { axes: ints([0]), keepdims: int(0) }],
      ['Cast', 'yes', 'goes', { to: int(9) }],
    ],
    outputs: ['goes', 'bag'],
    outputTypes: { goes: 'bool' },
  });
  return storedModel(17, {
    inputs: { tokens: ['n', LENGTH] },
    inputTypes: { tokens: 'int64' },
    initializers: {
      table: TABLE,
      kernel: KERNEL,
      all: intTensor([-1]),
      starts: intTensor([0, 3]),
      none: intTensor([0]),
      one: intTensor([1]),
      many: intTensor([100]),
      yes: flag,
      at0: intTensor(0),
    },
    nodes: [
      ['Reshape', 'tokens all', 'flat'],
      ['Shape', 'flat', 'count'],
      ['Concat', 'starts count', 'bounds', { axis: int(0) }],
      ['Slice', 'bounds one many none', 'ends'],
      ['Shape', 'ends', 'bags'],
      ['Gather', 'bags at0', 'trips'],
      ['Loop', 'trips yes', 'stacked', { body }],
      ['MatMul', 'stacked kernel', 'y'],
    ],
    outputs: ['y'],
  });
}

/** As the newer one writes it: the loop slices rows that were looked up, and puts what they make into a list. */
function newer(reduction: string, starts = 'starts'): ModelProto {
  const body: GraphProto = storedGraph({
    inputs: { turn: [], go: [], list: [], i: [] },
    inputTypes: { turn: 'int64', go: 'bool', list: 'float32', i: 'int64' },
    nodes: [
      ['Reshape', 'i all', 'at'],
      ['Add', 'at one', 'next'],
      ['Slice', 'bounds at next', 'from'],
      ['Add', 'next one', 'second'],
      ['Slice', 'bounds next second', 'to'],
      ['Slice', 'rows from to', 'some'],
      [reduction, 'some first', 'bag'],
      ['SequenceInsert', 'list bag', 'longer'],
      ['Add', 'i step', 'further'],
      ['Less', 'further trips', 'goes'],
    ],
    outputs: ['goes', 'longer', 'further'],
    outputTypes: { goes: 'bool', further: 'int64' },
  });
  const model = storedModel(18, {
    inputs: { tokens: ['n', LENGTH] },
    inputTypes: { tokens: 'int64' },
    initializers: {
      table: TABLE,
      kernel: KERNEL,
      all: intTensor([-1]),
      zero: intTensor(0),
      step: intTensor(1),
      width: intTensor(LENGTH),
      one: intTensor([1]),
      first: intTensor([0]),
      at0: intTensor(0),
      yes: flag,
      uneven: intTensor([0, 1]),
    },
    nodes: [
      ['Reshape', 'tokens all', 'flat'],
      ['Gather', 'table flat', 'rows'],
      ['Shape', 'flat', 'count'],
      ['Squeeze', 'count', 'rowCount'],
      ['Range', 'zero rowCount width', 'starts'],
      ['Concat', `${starts} count`, 'bounds', { axis: int(0) }],
      ['Size', starts, 'trips'],
      ['SequenceEmpty', '', 'empty'],
      ['Loop', '- yes empty zero', 'list end', { body }],
      ['ConcatFromSequence', 'list', 'stacked', { axis: int(0) }],
      ['MatMul', 'stacked kernel', 'y'],
    ],
    outputs: ['y'],
  });
  // Its carried list is no tensor.
  for (const value of [body.input[2]!, body.output[1]!]) delete value.type;
  model.graph!.node[8]!.attribute[0]!.g = body;
  return model;
}

async function run(model: ModelProto, tokens: readonly number[]): Promise<readonly number[]> {
  const session = await InferenceSession.create(encodeModel(model), { logSeverityLevel: 4 });
  const shape = [tokens.length / LENGTH, LENGTH];
  const results = await session.run({ tokens: new Tensor('int64', BigInt64Array.from(tokens, BigInt), shape) });
  await session.release();
  return [...(results['y']!.data as Float32Array)];
}

describe('loops over the bags of an EmbeddingBag', () => {
  for (const [title, model] of [
    ['means of looked up slices', older('ReduceMean')],
    ['maxima of looked up slices', older('ReduceMax')],
    ['sums in a list', newer('ReduceSum')],
    ['means in a list', newer('ReduceMean')],
  ] as const) {
    it(`are taken for what they compute: ${title}`, async () => {
      const changed = withoutBagLoops(model);
      assert.equal(
        changed.graph!.node.some(({ opType }) => opType === 'Loop'),
        false,
      );
      const tokens = [1, 2, 3, 9, 0, 4];
      const [wanted, found] = [await run(model, tokens), await run(changed, tokens)];
      assert.equal(found.length, 4);
      found.forEach((value, at) => {
        assert.ok(Math.abs(value - wanted[at]!) < 1e-6, `${value} ${wanted[at]}`);
      });
      // For any number of samples, and trained.
      assert.equal((await run(changed, [...tokens, 5, 5, 5])).length, 6);
      const { weights } = importNetwork(openForTraining(model, [LENGTH], {}).model);
      assert.deepEqual(weights.slice().sort(), ['kernel', 'table']);
    });
  }

  it('are refused where their rows are weighted, or their lengths differ', () => {
    const weighted = older('ReduceSum', [['Sigmoid', 'rows', 'weighted']]);
    for (const node of weighted.graph!.node[6]!.attribute[0]!.g!.node) {
      if (node.opType === 'ReduceSum') node.attribute = node.attribute.filter(({ name }) => name !== 'axes');
    }
    assert.throws(() => withoutBagLoops(weighted), /looks like an EmbeddingBag, cannot be trained: it computes more/);
    assert.throws(() => withoutBagLoops(newer('ReduceMean', 'uneven')), /its bags do not have one length/);
  });

  it('are told from other loops', () => {
    const other = older('ReduceMean');
    for (const node of other.graph!.node[6]!.attribute[0]!.g!.node) if (node.opType === 'Slice') node.opType = 'Pad';
    assert.equal(withoutBagLoops(other), other);
  });
});
