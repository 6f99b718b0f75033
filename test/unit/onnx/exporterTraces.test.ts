import assert from 'node:assert/strict';
import {
  computedLayers,
  foldedLayers,
  layersWithoutBias,
  tellBeforeTraining,
  tellExporterTraces,
} from '../../../src/onnx/exporterTraces.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { translateFound } from '../../../src/report/wording/foundSentences.ts';
import { notedNodes as noted } from '../../support/notedNodes.ts';
import { storedModel } from '../../support/storedModel.ts';

const kernel = floatTensor([1, 2, 3, 4], [2, 2, 1, 1]);
const bias = floatTensor([0, 1]);

/** One convolution, whose weights have these names. */
function convolution(weight: string, own?: string, operator = 'Conv'): ModelProto {
  return storedModel(20, {
    inputs: { x: ['batch', 2, 4, 4] },
    initializers: { [weight]: kernel, ...(own !== undefined && { [own]: bias }) },
    nodes: [[operator, `x ${weight}${own === undefined ? '' : ` ${own}`}`, 'y']],
    outputs: ['y'],
  });
}

const normalized = '%conv2d, %p_n_weight, %p_n_bias, %b_n_running_mean, %b_n_running_var, 0.1, 1e-05';

describe('what an exporter left out', () => {
  const named = (producer: string, weight: string, own?: string): ModelProto =>
    Object.assign(convolution(weight, own), { producerName: producer });

  it('finds folded batch normalisations by what the exporter says, or what it calls the weights', () => {
    const by = (model: ModelProto) => foldedLayers(model).map((layer) => layer.by);
    assert.deepEqual(by(noted(convolution('a.weight', 'a.weight_bias'), 'FuseBatchNormIntoConv', normalized)), [
      'pytorch',
    ]);
    assert.deepEqual(by(named('pytorch', 'onnx::Conv_42', 'onnx::Conv_43')), ['torchscript']);
    assert.deepEqual(by(named('pytorch', '42', '43')), ['torchscript']);
    assert.deepEqual(by(named('', 'ConvBnFusion_W_a.weight', 'ConvBnFusion_BN_B_a.bias')), ['runtime']);
    assert.deepEqual(by(named('tf2onnx', 'stem/Conv2D_weights_fused_bn', 'stem/Conv2D_bias_fused_bn')), ['other']);
  });

  it('finds none where weights have the names of a layer, or one of them alone is computed', () => {
    const none = [
      named('pytorch', 'a.weight', 'a.bias'),
      named('pytorch', 'onnx::Conv_42', 'a.bias'),
      named('pytorch', 'onnx::Conv_42'),
      named('distillery', '42', '43'),
      noted(convolution('a.weight'), 'RemoveOptionalBiasFromConv', '%x, %p_a_weight'),
    ];
    for (const model of none) assert.deepEqual(tellExporterTraces(model), []);
  });

  it('finds biases of layers and of batch normalisations that were dropped, and not those that never were', () => {
    const bare = (call: string) =>
      layersWithoutBias(noted(convolution('w'), 'RemoveOptionalBiasFromConv', call).graph!);
    assert.equal(bare('%x, %p_a_weight, %p_a_bias').length, 1);
    assert.equal(bare(normalized).length, 1);
    assert.equal(bare('%x, %p_a_weight').length, 0);
  });

  it('says how to export instead', () => {
    const told = tellExporterTraces(
      noted(convolution('w'), 'FuseBatchNormIntoConv, RemoveOptionalBiasFromConv', normalized),
    );
    assert.equal(told.length, 2);
    assert.match(told[0]!, /folded a batch normalisation into the layer before it \('node0'\).*optimize=False/);
    assert.match(told[1]!, /left out the biases of a layer \(such as 'node0'\)/);
    const several = named('pytorch', 'onnx::Conv_1', 'onnx::Conv_2');
    several.graph!.node.push(...several.graph!.node);
    assert.match(tellBeforeTraining(several)[0]!, /folded 2 batch normalisations.*TrainingMode\.PRESERVE/);
    assert.deepEqual(
      tellBeforeTraining(several, () => false),
      [],
    );
  });

  it('says nothing for which there are no translations', () => {
    const several = (model: ModelProto): ModelProto => {
      model.graph!.node.push(...model.graph!.node);
      return model;
    };
    const models = (): readonly ModelProto[] => [
      named('pytorch', 'onnx::Conv_1', 'onnx::Conv_2'),
      named('', 'ConvBnFusion_W_a.weight', 'ConvBnFusion_BN_B_a.bias'),
      named('tf2onnx', 'a_weights_fused_bn', 'a_bias_fused_bn'),
      noted(convolution('a.weight', 'a.weight_bias'), 'FuseBatchNormIntoConv', normalized),
      noted(convolution('div_1'), '', '%relu, %div_1'),
      noted(convolution('w'), 'RemoveOptionalBiasFromConv', '%x, %p_a_weight, %p_a_bias'),
    ];
    const told = [...models(), ...models().map(several)].flatMap(tellExporterTraces);
    assert.ok(told.length >= 12);
    // What is left are names, and what is called so in every language.
    const left = told.map((text) => translateFound(text, (_, ...values) => values.join(' ')));
    assert.deepEqual(
      left.filter((text) => /[a-z]{2}/i.test(text.replaceAll(/'[^']*'|torch\.onnx\.export\(.*\)/g, ''))),
      [],
    );
  });

  it('finds weights that were computed from others, and not those that are parameters', () => {
    const called = (weight: string) => noted(convolution(weight), '', '%relu, %div_1');
    assert.deepEqual(computedLayers(called('div_1')), [{ node: 'node0', weight: 'div_1' }]);
    assert.deepEqual(computedLayers(called('div')), []);
    assert.match(
      tellExporterTraces(called('div_1'))[0]!,
      /computed the weights of the layer 'node0' once.*optimize=False/,
    );
  });
});
