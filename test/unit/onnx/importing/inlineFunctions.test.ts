import assert from 'node:assert/strict';
import { clone, create } from '@bufbuild/protobuf';
import { Random } from '../../../../src/data/random.ts';
import { float, int, ints } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { inlineFunctions } from '../../../../src/onnx/importing/inlineFunctions.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  type FunctionProto,
  type ModelProto,
} from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { runAll, storedGraph, storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

function functionOf(name: string, signature: string, nodes: readonly StoredNodeText[], version = 18n): FunctionProto {
  const [inputs = '', outputs = ''] = signature.split(' -> ');
  const { node } = storedGraph({ nodes, outputs: [] });
  for (const each of node) each.domain = each.opType.startsWith('Own') ? 'own' : '';
  return create(FunctionProtoSchema, {
    name,
    domain: 'own',
    input: inputs.split(' '),
    output: outputs.split(' '),
    node,
    opsetImport: [
      { domain: '', version },
      { domain: 'own', version: 1n },
    ],
  });
}

/** A model of two layers, each a function that calls another, whose slope is an attribute with a value by default. */
function modelOf(...functions: FunctionProto[]): ModelProto {
  const model = storedModel(18, {
    inputs: { x: ['n', 4] },
    initializers: {
      w: floatTensor([1, -2, 0.5, 3, -1, 0.25, 2, -0.5, 1, 0, -3, 1, 0.1, 0.2, -0.3, 0.4], [4, 4]),
      b: floatTensor([0.1, 0.2, -0.1, -0.2]),
    },
    nodes: [
      ['OwnLayer', 'x w b', 'hidden', { slope: float(0.5) }],
      ['OwnLayer', 'hidden w -', 'y'],
    ],
    outputs: ['y'],
  });
  for (const node of model.graph!.node) node.domain = 'own';
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'own', version: 1n }));
  model.functions = functions;
  return model;
}

const activation = functionOf('OwnActivation', 'value -> result', [['LeakyRelu', 'value', 'result']]);
activation.attribute = ['alpha'];
activation.node[0]!.attribute = [
  create(AttributeProtoSchema, { name: 'alpha', refAttrName: 'alpha', type: AttributeType.FLOAT }),
];
const layer = functionOf('OwnLayer', 'x w b -> y', [
  ['MatMul', 'x w', 'value'],
  // Graphs within a body read its values.
  ['Constant', '', 'yes', { value: { kind: 'tensor', value: { type: 'bool', shape: [], data: Uint8Array.of(1) } } }],
  [
    'If',
    'yes',
    'sum',
    {
      then_branch: storedGraph({ nodes: [['Add', 'value value', 'twice']], outputs: ['twice'] }),
      else_branch: storedGraph({ nodes: [['Identity', 'value', 'same']], outputs: ['same'] }),
    },
  ],
  ['OwnActivation', 'sum', 'y', { alpha: float(0) }],
]);
layer.attributeProto = [create(AttributeProtoSchema, { name: 'slope', f: 0.25, type: AttributeType.FLOAT })];
const [alpha] = layer.node[3]!.attribute;
Object.assign(alpha!, { refAttrName: 'slope', f: 0 });

describe("a model's own functions", () => {
  it('stand where they are called, with their attributes, and train', async () => {
    const original = modelOf(layer, activation);
    const inlined = clone(ModelProtoSchema, original);
    inlineFunctions(inlined);
    assert.deepEqual(inlined.functions, []);
    assert.deepEqual(
      inlined.graph!.node.map(({ opType }) => opType),
      ['MatMul', 'Constant', 'If', 'LeakyRelu', 'MatMul', 'Constant', 'If', 'LeakyRelu'],
    );
    const network = importNetwork(inlined, { form: { kind: 'values', shape: [4] } });
    assert.deepEqual(network.weights, ['w']);
    const [before, after] = await runAll([original, inlined], importGraph(inlined, { batch: 2 }), new Random(1));
    assert.deepEqual(after!['y']!.data, before!['y']!.data);
  });

  it('stand there also where their version of the operators is another in which what they have is alike', () => {
    const model = modelOf(functionOf('OwnLayer', 'x w b -> y', [['MatMul', 'x w', 'y']], 17n));
    inlineFunctions(model);
    assert.deepEqual(model.functions, []);
    assert.deepEqual(
      importGraph(model).nodes.map(({ operator }) => operator),
      ['MatMul', 'MatMul'],
    );
  });

  it('stay where they call themselves for ever, or mean something else in the version of the model', () => {
    for (const [body, version] of [
      [['OwnLayer', 'x w b', 'y'], 18n],
      [['ReduceMean', 'x', 'y', { axes: ints([1]) }], 17n],
    ] as const) {
      const model = modelOf(functionOf('OwnLayer', 'x w b -> y', [body], version));
      const before = clone(ModelProtoSchema, model);
      inlineFunctions(model);
      assert.deepEqual(model, before);
    }
  });

  it('hand on what they are given, and leave out what nobody wants', () => {
    const model = modelOf(functionOf('OwnLayer', 'x w b -> x y', [['Flatten', 'x', 'y', { axis: int(1) }]]));
    inlineFunctions(model);
    assert.deepEqual(
      importGraph(model).nodes.map(({ operator }) => operator),
      ['Identity', 'Identity'],
    );
  });
});
