import assert from 'node:assert/strict';
import { DistilleryError } from '../../../src/errors.ts';
import { buildStudent, type Architecture } from '../../../src/students/buildStudent.ts';
import type { NetworkForm, OutputForm } from '../../../src/students/networkForm.ts';
import { checkForward, normalArray } from '../../support/studentChecks.ts';
import { randomStream } from '../../../src/data/random.ts';

const mlp: Architecture = { architecture: 'mlp', hidden: [6] };
const convnet: Architecture = { architecture: 'convnet', channels: [4], hidden: [5], batchNormalization: true };
const resnet: Architecture = { architecture: 'resnet', depth: 8, width: 0.25 };
const mobilenet: Architecture = { architecture: 'mobilenetv2', width: 0.1 };
const transformer: Architecture = { architecture: 'transformer', layers: 1, heads: 2, hidden: 8, pooling: 'mean' };
const textcnn: Architecture = { architecture: 'textcnn', embedding: 4, widths: [2, 3], filters: 4 };
const autoencoder: Architecture = { architecture: 'autoencoder', channels: [4], hidden: [8], bottleneck: 3 };
const softTree: Architecture = { architecture: 'soft-tree', depth: 2, beta: 1, penalty: 0.1, predict: 'mean' };

const images: NetworkForm['samples'] = { kind: 'values', shape: [2, 7, 8] };
const vectors: NetworkForm['samples'] = { kind: 'values', shape: [5] };
const texts: NetworkForm['samples'] = { kind: 'tokens', length: 6, vocabulary: 11, padding: 0 };

const classes: OutputForm = { kind: 'logits', classes: 3 };
const numbers: OutputForm = { kind: 'values', shape: [4] };
const tensor: OutputForm = { kind: 'values', shape: [2, 7, 8] };
const tokenClasses: OutputForm = { kind: 'tokens', classes: 3 };

function build(architecture: Architecture, samples: NetworkForm['samples'], output: OutputForm) {
  return buildStudent(architecture, { samples, output }, randomStream(0, 'weights'));
}

describe('buildStudent', () => {
  const suitable: readonly (readonly [Architecture, NetworkForm['samples'], OutputForm, readonly number[]])[] = [
    [mlp, vectors, classes, [3]],
    [mlp, images, tensor, [2, 7, 8]],
    [mlp, vectors, numbers, [4]],
    [convnet, images, classes, [3]],
    [convnet, images, tensor, [2, 7, 8]],
    [resnet, images, numbers, [4]],
    [mobilenet, images, tensor, [2, 7, 8]],
    [transformer, texts, classes, [3]],
    [transformer, texts, tokenClasses, [6, 3]],
    [transformer, texts, tensor, [2, 7, 8]],
    [textcnn, texts, classes, [3]],
    [textcnn, texts, numbers, [4]],
    [autoencoder, images, tensor, [2, 7, 8]],
    [{ ...autoencoder, channels: [] }, images, numbers, [4]],
    [autoencoder, vectors, tensor, [2, 7, 8]],
    [softTree, images, classes, [3]],
    [softTree, vectors, classes, [3]],
  ];
  for (const [architecture, samples, output, shape] of suitable) {
    it(`builds ${architecture.architecture} from ${samples.kind} to ${output.kind} [${shape.join(', ')}]`, async () => {
      const graph = build(architecture, samples, output);
      assert.deepEqual(graph.outputs[0], {
        name: output.kind === 'values' ? 'output' : 'logits',
        type: 'float32',
        shape: ['batch', ...shape],
      });
      const ids = { shape: [2, 6], data: Float64Array.of(1, 2, 3, 0, 0, 0, 4, 5, 6, 7, 8, 10) };
      const mask = { shape: [2, 6], data: ids.data.map(Math.sign) };
      const feeds =
        samples.kind === 'tokens'
          ? new Map(Object.entries({ input_ids: ids, attention_mask: mask }))
          : new Map([['input', normalArray([2, ...samples.shape], 'samples')]]);
      const computed = await checkForward(graph, feeds);
      assert.deepEqual(computed.shape, [2, ...shape]);
    });
  }

  const unsuitable: readonly (readonly [Architecture, NetworkForm['samples'], OutputForm, RegExp])[] = [
    [mlp, texts, classes, /architecture mlp cannot read texts/],
    [softTree, texts, classes, /architecture soft-tree cannot read texts/],
    [autoencoder, texts, numbers, /architecture autoencoder cannot read texts/],
    [convnet, vectors, classes, /A convnet needs images, but the samples have shape \[5\]/],
    [convnet, { kind: 'values', shape: [1, 1, 8] }, classes, /1 stages halve an image of 1 pixels to nothing/],
    [transformer, vectors, classes, /A transformer reads texts, but the samples are numbers of shape \[5\]/],
    [textcnn, images, classes, /A textcnn reads texts/],
    [textcnn, { ...texts, length: 2 }, classes, /over 3 words does not fit texts of 2 tokens/],
    [textcnn, texts, tokenClasses, /architecture textcnn cannot classify every token/],
    [mlp, vectors, tokenClasses, /architecture mlp cannot classify every token/],
    [{ ...transformer, hidden: 9 }, texts, classes, /hidden size of 9 cannot be divided among 2 heads/],
    [autoencoder, vectors, classes, /An autoencoder gives a tensor and cannot tell classes apart/],
    [
      autoencoder,
      images,
      { kind: 'values', shape: [2, 8, 8] },
      /images of 7×8 pixels cannot give the shape \[2, 8, 8\]/,
    ],
    [softTree, vectors, numbers, /A soft-tree gives one distribution over classes/],
  ];
  for (const [architecture, samples, output, message] of unsuitable) {
    it(`refuses ${architecture.architecture} from ${samples.kind} to ${output.kind}: ${message.source}`, () => {
      assert.throws(
        () => build(architecture, samples, output),
        (error) =>
          error instanceof DistilleryError &&
          error.code === 'BAD_INPUT' &&
          error.hint !== undefined &&
          message.test(error.message),
      );
    });
  }

  it('puts dropout behind hidden layers, named after them, and none without a ratio', () => {
    const names = (architecture: Architecture, samples: NetworkForm['samples']): string[] =>
      build(architecture, samples, classes).nodes.flatMap(({ operator, name }) => (operator === 'Dropout' ? name : []));
    assert.deepEqual(names({ ...mlp, hidden: [6, 5], dropout: 0.5 }, vectors), ['dense1.dropout', 'dense2.dropout']);
    assert.deepEqual(names({ ...convnet, dropout: 0.5 }, images), ['features.dropout', 'dense1.dropout']);
    assert.deepEqual(names({ ...textcnn, dropout: 0.5 }, texts), ['features.dropout']);
    assert.deepEqual(names({ ...transformer, dropout: 0.1 }, texts), [
      'embeddings.dropout',
      'encoder.layer.0.attention.weights.dropout',
      'encoder.layer.0.attention.output.dropout',
      'encoder.layer.0.output.dropout',
      'head.dropout',
    ]);
    assert.deepEqual(names({ ...mlp, dropout: 0 }, vectors), []);
  });
});
