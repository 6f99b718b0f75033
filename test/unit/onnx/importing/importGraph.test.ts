import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import { DistilleryError } from '../../../../src/errors.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { decodeModel, encodeModel, loadModel } from '../../../../src/onnx/file.ts';
import { float, int, ints, text } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { AttributeProto_AttributeType } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { requireShared } from '../../../support/shared.ts';
import { runAll, storedGraph, storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const operators = (graph: ReturnType<typeof importGraph>) => graph.nodes.map(({ operator }) => operator);

/** A model of one Relu from `x` to `y`. */
const relu = (shape: readonly (number | string | null)[]) =>
  storedModel(17, { inputs: { x: shape }, nodes: [['Relu', 'x', 'y']], outputs: ['y'] });

function refused(action: () => unknown, code: DistilleryError['code'], ...patterns: readonly RegExp[]): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof DistilleryError, String(error));
    assert.equal(error.code, code);
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  });
}

describe('importing a model', () => {
  describe('binds dimensions', () => {
    for (const first of ['batch', 'N', 'batch_size', 'unk__0', null, 0, -1]) {
      it(`the batch, written as ${first}`, () => {
        assert.deepEqual(importGraph(relu([first, 3]), { batch: 5 }).outputs[0]!.shape, [5, 3]);
      });
    }

    it('keeps a fixed batch, and axes behind a batch', () => {
      assert.deepEqual(importGraph(relu([2, 3]), { batch: 5 }).outputs[0]!.shape, [2, 3]);
      assert.deepEqual(importGraph(relu(['n', 'length']), { batch: 5 }).outputs[0]!.shape, [5, 'length']);
    });

    it('takes the first symbolic axis where no input has a symbolic axis 0', () => {
      assert.deepEqual(importGraph(relu([20, 'n', 'm']), { batch: 5 }).outputs[0]!.shape, [20, 5, 'm']);
    });

    it('takes named dimensions first', () => {
      const bound = importGraph(relu(['n', 'length']), { batch: 5, bind: { length: 16, n: 2 } });
      assert.deepEqual(bound.outputs[0]!.shape, [2, 16]);
    });

    it('names dimensions without a name after the input and the axis', () => {
      assert.deepEqual(importGraph(relu([null, null])).outputs[0]!.shape, ['x.0', 'x.1']);
    });

    it('ignores stored shapes between inputs and outputs', () => {
      const model = relu(['n', 3]);
      model.graph!.valueInfo = model.graph!.output;
      const fixed = relu([9, 9]).graph!.input[0]!;
      model.graph!.output[0]!.type = fixed.type!;
      assert.deepEqual(importGraph(model, { batch: 5 }).outputs[0]!.shape, [5, 3]);
    });
  });

  it('takes weights that are listed as inputs for weights (IR version 3)', () => {
    const model = storedModel(
      9,
      {
        inputs: { w: [2], x: ['n', 2] },
        initializers: { w: floatTensor([1, 2]) },
        nodes: [['Mul', 'x w', 'y']],
        outputs: ['y'],
      },
      3n,
    );
    const graph = importGraph(model);
    assert.deepEqual(
      graph.inputs.map(({ name }) => name),
      ['x'],
    );
    assert.deepEqual([...graph.initializers.keys()], ['w']);
  });

  it('makes initializers of Constant nodes, in each of their forms', () => {
    const constant = (output: string, attributes: NonNullable<StoredNodeText[3]>): StoredNodeText => [
      'Constant',
      '',
      output,
      attributes,
    ];
    const graph = importGraph(
      storedModel(13, {
        inputs: { x: [2] },
        nodes: [
          constant('a', { value: { kind: 'tensor', value: floatTensor([1, 2]) } }),
          constant('b', { value_float: float(0.5) }),
          constant('c', { value_floats: { kind: 'floats', value: [3, 4] } }),
          constant('d', { value_int: int(7) }),
          constant('e', { value_ints: ints([8, 9]) }),
          ['Sum', 'x a b c', 'sum'],
          ['Add', 'd e', 'integers'],
        ],
        outputs: ['sum', 'integers'],
        outputTypes: { integers: 'int64' },
      }),
    );
    assert.deepEqual(operators(graph), ['Sum']);
    assert.deepEqual(graph.initializers.get('c'), floatTensor([3, 4]));
    assert.deepEqual(graph.initializers.get('b'), floatTensor(0.5));
    assert.deepEqual(graph.initializers.get('integers'), intTensor([15, 16]));
  });

  /** x.view(x.size(0), x.size(1) * 2, -1).view(x.size(0), floor(x.size(1) * 0.5), -1), as PyTorch exports it. */
  const dynamicReshape = () =>
    storedModel(13, {
      inputs: { x: ['batch', 4, 6] },
      initializers: {
        zero: intTensor(0),
        one: intTensor(1),
        two: intTensor(2),
        first: intTensor([0]),
        minus: intTensor([-1]),
        half: floatTensor(0.5),
      },
      nodes: [
        ['Shape', 'x', 'shape'],
        ['Gather', 'shape zero', 'batch'],
        ['Unsqueeze', 'batch first', 'batch_vector'],
        ['Gather', 'shape one', 'rows'],
        ['Mul', 'rows two', 'double'],
        ['Unsqueeze', 'double first', 'double_vector'],
        ['Concat', 'batch_vector double_vector minus', 'target', { axis: int(0) }],
        ['Reshape', 'x target', 'reshaped'],
        ['Cast', 'rows', 'rows_float', { to: int(1) }],
        ['Mul', 'rows_float half', 'half_rows'],
        ['Floor', 'half_rows', 'floored'],
        ['Cast', 'floored', 'half_integer', { to: int(7) }],
        ['Unsqueeze', 'half_integer first', 'half_vector'],
        ['Concat', 'batch_vector half_vector minus', 'back', { axis: int(0) }],
        ['Reshape', 'reshaped back', 'y'],
      ],
      outputs: ['y'],
    });

  it('finds the shapes that PyTorch computes from a dynamic batch', async () => {
    const model = dynamicReshape();
    const graph = importGraph(model, { batch: 3 });
    assert.deepEqual(operators(graph), ['Reshape', 'Reshape']);
    assert.deepEqual(graph.outputs[0]!.shape, [3, 2, 12]);
    const [before, after] = await runAll([model, exportModel(graph, { name: 'g' })], graph, new Random(1));
    assert.deepEqual(after, before);
    refused(() => importGraph(model), 'BAD_FILE', /'node7' \(Reshape\)/, /not known before the model runs/);
  });

  it('refuses damaged models with an error of its own, whatever is damaged', () => {
    const content = encodeModel(dynamicReshape());
    const random = new Random(0);
    let imported = 0;
    for (let round = 0; round < 4000; round++) {
      const damaged = content.slice();
      damaged[random.integer(damaged.length)] = random.integer(256);
      try {
        importGraph(decodeModel(damaged), { batch: 2 });
        imported++;
      } catch (error) {
        assert.ok(error instanceof DistilleryError, `round ${round}: ${String(error)}`);
        assert.notEqual(error.code, 'INTERNAL', error.message);
      }
    }
    assert.ok(imported > 100 && imported < 3900, `${imported} of 4000 were imported`);
  });

  it('drops what no output needs, and keeps nodes that compute from weights', () => {
    const graph = importGraph(
      storedModel(17, {
        inputs: { x: ['n', 2], unused: [1] },
        initializers: { w: floatTensor([1, 2, 3, 4], [2, 2]), dead: floatTensor([1]) },
        nodes: [
          ['Transpose', 'w', 'transposed'],
          ['Identity', 'transposed', 'same'],
          ['Exp', 'x', 'nobody'],
          ['Add', 'nobody dead', 'nobody2'],
          ['MatMul', 'x same', 'y'],
        ],
        outputs: ['y'],
      }),
    );
    assert.deepEqual(operators(graph), ['Transpose', 'Identity', 'MatMul']);
    assert.deepEqual([...graph.initializers.keys()], ['w']);
    assert.deepEqual(
      graph.inputs.map(({ name }) => name),
      ['x', 'unused'],
    );
  });

  it('does not freeze floats that are computed from weights and sizes', () => {
    const graph = importGraph(
      storedModel(17, {
        inputs: { x: [4, 2] },
        initializers: { scale: floatTensor([2]) },
        nodes: [
          ['Size', 'x', 'size'],
          ['Cast', 'size', 'size_float', { to: int(1) }],
          ['Mul', 'scale size_float', 'factor'],
          ['Mul', 'x factor', 'y'],
        ],
        outputs: ['y'],
      }),
    );
    assert.deepEqual(operators(graph), ['Cast', 'Mul', 'Mul']);
    assert.ok(graph.initializers.has('scale'));
  });

  it('keeps its own names apart from those of the file', async () => {
    const model = storedModel(11, {
      inputs: { constant_0: [2, 3, 4] },
      nodes: [
        ['Softmax', 'constant_0', 'flatten_0'],
        ['Squeeze', 'flatten_0', 'reshape_1'],
        ['ReduceMean', 'reshape_1', 'constant_1', { axes: ints([1]) }],
      ],
      outputs: ['constant_1'],
    });
    const graph = importGraph(model);
    const [before, after] = await runAll([model, exportModel(graph, { name: 'g' })], graph, new Random(1));
    assert.deepEqual(after, before);
  });

  it('names outputs that are inputs or initializers themselves', async () => {
    const model = storedModel(17, {
      inputs: { x: [2] },
      initializers: { w: floatTensor([1]) },
      nodes: [['Relu', 'x', 'y']],
      outputs: ['y', 'w'],
    });
    const graph = importGraph(model);
    const [before, after] = await runAll([model, exportModel(graph, { name: 'g' })], graph, new Random(1));
    assert.deepEqual(after, before);
  });

  describe('with nested graphs', () => {
    const branch = (operator: string) =>
      storedGraph({ nodes: [[operator, 'x', 'branch_result']], outputs: ['branch_result'] });
    const branches = { then_branch: branch('Relu'), else_branch: branch('Neg') };

    it('takes the branch whose condition is known', () => {
      const model = storedModel(13, {
        inputs: { x: ['n', 1, 3] },
        initializers: { one: intTensor(1) },
        nodes: [
          ['Shape', 'x', 'shape'],
          ['Gather', 'shape one', 'size'],
          ['Equal', 'size one', 'condition'],
          ['If', 'condition', 'first', branches],
          ['Not', 'condition', 'opposite'],
          ['If', 'opposite', 'second', branches],
          ['Add', 'first second', 'y'],
        ],
        outputs: ['y'],
      });
      const graph = importGraph(model, { batch: 2 });
      assert.deepEqual(operators(graph), ['Relu', 'Neg', 'Add']);
    });

    it('carries a branch along whose condition is not known', async () => {
      const model = storedModel(13, {
        inputs: { x: ['n', 3], condition: [1] },
        inputTypes: { condition: 'bool' },
        nodes: [
          ['Abs', 'x', 'positive'],
          ['If', 'condition', 'chosen', {
            then_branch: storedGraph({ nodes: [['Add', 'positive x', 'one']], outputs: ['one'] }),
            else_branch: storedGraph({ nodes: [['Neg', 'positive', 'other']], outputs: ['other'] }),
          }],
          ['Relu', 'chosen', 'y'],
        ],
        outputs: ['y'],
      }); // prettier-ignore
      refused(() => importGraph(model), 'UNSUPPORTED', /which of its branches is taken depends on the data/);
      model.graph!.valueInfo = [{ ...model.graph!.input[0]!, name: 'chosen' }];
      const graph = importGraph(model, { batch: 2 });
      assert.deepEqual(operators(graph), ['Abs', 'If', 'Relu']);
      assert.deepEqual(graph.outputs[0]!.shape, [2, 3]);
      const [before, after] = await runAll([model, exportModel(graph, { name: 'g' })], graph, new Random(1));
      assert.deepEqual(after, before);
    });

    it('refuses one that means something else today', () => {
      const nested = storedGraph({ nodes: [['Softmax', 'x', 'result']], outputs: ['result'] });
      const model = storedModel(11, {
        inputs: { x: [2, 3], condition: [1] },
        inputTypes: { condition: 'bool' },
        nodes: [['If', 'condition', 'y', { then_branch: nested, else_branch: nested }]],
        outputs: ['y'],
      });
      refused(() => importGraph(model), 'UNSUPPORTED', /'node0' \(If\)/, /Softmax of operator set 11/);
    });
  });

  describe('refuses', () => {
    it('operator sets before 7', () => {
      const model = storedModel(6, { inputs: { x: [1] }, nodes: [['Relu', 'x', 'y']], outputs: ['y'] });
      refused(() => importGraph(model), 'UNSUPPORTED', /operator set 6; the oldest supported is 7/);
    });

    it('an unknown operator, naming the node', () => {
      const model = storedModel(17, { inputs: { x: [1] }, nodes: [['Frobnicate', 'x', 'y']], outputs: ['y'] });
      refused(() => importGraph(model), 'UNSUPPORTED', /'node0'/, /Frobnicate/);
    });

    it('inputs that are no tensors or have no declared axes', () => {
      const model = relu([1]);
      model.graph!.input[0]!.type!.value = { case: undefined };
      refused(() => importGraph(model), 'UNSUPPORTED', /'x' is not a tensor/);
    });

    it('element types such as bfloat16', () => {
      const model = relu([1]);
      const declared = model.graph!.input[0]!.type!.value;
      assert.ok(declared.case === 'tensorType');
      declared.value.elemType = 16;
      refused(() => importGraph(model), 'UNSUPPORTED', /'x' has element type bfloat16/);
    });

    it('an attribute of no kind, naming it', () => {
      const model = relu(['n', 3]);
      const { attribute } = storedGraph({
        inputs: {},
        nodes: [['Add', '', 'y', { axis: int(1) }]],
        outputs: ['y'],
      }).node[0]!;
      model.graph!.node[0]!.attribute = attribute.map((own) => ({
        ...own,
        type: AttributeProto_AttributeType.UNDEFINED,
      }));
      refused(() => importGraph(model), 'UNSUPPORTED', /attribute 'axis' of kind unknown is not supported/);
    });

    it('shapes that do not fit, naming the node', () => {
      const model = storedModel(17, {
        inputs: { x: [2, 3] },
        initializers: { w: floatTensor([1, 2], [2, 1]) },
        nodes: [['MatMul', 'x w', 'y']],
        outputs: ['y'],
      });
      refused(() => importGraph(model), 'BAD_FILE', /'node0' \(MatMul\)/, /\[2, 3\].*\[2, 1\]/);
    });
  });

  for (const name of ['cifar10-resnet14', 'mnist-mlp-1200']) {
    it(`reads ${name} as it is, with and without a batch`, async function () {
      const file = await loadModel(requireShared(this, `models/${name}.onnx`));
      const named = importGraph(file);
      assert.equal(named.inputs[0]!.shape[0], 'batch');
      assert.deepEqual(named.outputs[0]!.shape, ['batch', 10]);
      const bound = importGraph(file, { batch: 3 });
      assert.deepEqual(bound.outputs[0]!.shape, [3, 10]);
      const models = [file.proto, exportModel(bound, { name }), exportModel(named, { name, dynamicBatch: true })];
      const [original, ...others] = await runAll(models, bound, new Random(1));
      for (const other of others) assert.deepEqual(other, original);
    });
  }

  it('keeps string attributes and modes', () => {
    const model = storedModel(17, {
      inputs: { x: [1, 4, 2, 2] },
      nodes: [['DepthToSpace', 'x', 'y', { blocksize: int(2), mode: text('CRD') }]],
      outputs: ['y'],
    });
    assert.deepEqual(importGraph(model).nodes[0]!.attributes, { blocksize: int(2), mode: text('CRD') });
  });
});
