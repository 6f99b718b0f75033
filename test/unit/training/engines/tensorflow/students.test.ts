import assert from 'node:assert/strict';
import { randomStream } from '../../../../../src/data/random.ts';
import { floatTensor } from '../../../../../src/onnx/tensor.ts';
import { buildBalancePenalty, buildSoftTreeLoss } from '../../../../../src/objectives/losses/softTree.ts';
import { formula } from '../../../../../src/autodiff/formula.ts';
import { buildStudent, type Architecture } from '../../../../../src/students/buildStudent.ts';
import type { NetworkForm } from '../../../../../src/students/networkForm.ts';
import { softTreeValues } from '../../../../../src/students/softTree/softTree.ts';
import { interpretGraph } from '../../../../../src/training/engines/tensorflow/interpretGraph.ts';
import { missingOperators } from '../../../../../src/training/engines/tensorflow/operations.ts';
import { assertClose } from '../../../../support/gradientCheck.ts';
import { arrayOf, type NumberArray } from '../../../../support/reference/array.ts';
import {
  bindLoss,
  computeGradients,
  normalArray,
  weightedSum,
  type LossBuilder,
} from '../../../../support/studentChecks.ts';
import { cpuTensorflow, type TfTensor } from '../../../../support/tensorflow.ts';
import { textFeeds } from '../../../../support/texts.ts';

const texts: NetworkForm['samples'] = { kind: 'tokens', length: 6, vocabulary: 9, padding: 0 };
const images: NetworkForm['samples'] = { kind: 'values', shape: [2, 5, 8] };
const classes: NetworkForm['output'] = { kind: 'logits', classes: 3 };

const transformer = { architecture: 'transformer', layers: 2, heads: 2, hidden: 8, dropout: 0.1 } as const;
const softTree = { architecture: 'soft-tree', depth: 3, beta: 2, penalty: 0.1 } as const;

const cases: readonly (readonly [string, Architecture, NetworkForm])[] = [
  ['transformer of the first token', { ...transformer, pooling: 'first' }, { samples: texts, output: classes }],
  ['transformer of the mean', { ...transformer, pooling: 'mean' }, { samples: texts, output: classes }],
  [
    'transformer of every token',
    { ...transformer, pooling: 'first' },
    { samples: texts, output: { kind: 'tokens', classes: 3 } },
  ],
  [
    'textcnn',
    { architecture: 'textcnn', embedding: 5, widths: [1, 2, 3], filters: 4, dropout: 0.5 },
    { samples: texts, output: classes },
  ],
  [
    'autoencoder',
    { architecture: 'autoencoder', channels: [4, 6], hidden: [], bottleneck: 3 },
    { samples: images, output: { kind: 'values', shape: [2, 5, 8] } },
  ],
  ['soft-tree of the mean', { ...softTree, predict: 'mean' }, { samples: images, output: classes }],
  ['soft-tree of the likeliest leaf', { ...softTree, predict: 'best-leaf' }, { samples: images, output: classes }],
];

/** Every output counts and, where the likeliest leaf says nothing of the other nodes, the loss of a tree. */
function lossOf(architecture: Architecture, output: string): LossBuilder {
  if (architecture.architecture !== 'soft-tree') return weightedSum(output);
  return (graph, value) => {
    const targets = floatTensor([1, 0, 0, 0, 0.5, 0.5, 0.2, 0.3, 0.5], [3, 3]);
    const tree = {
      leafLogProbabilities: value(softTreeValues.leafLogProbabilities),
      leafLogDistributions: value(softTreeValues.leafLogDistributions),
    };
    const { add, mul } = formula(graph);
    const loss = buildSoftTreeLoss(graph, tree, graph.constant(targets));
    const balance = mul(buildBalancePenalty(graph, tree.leafLogProbabilities), architecture.penalty);
    return add(add(loss, balance), weightedSum(output)(graph, value));
  };
}

describe('students in the TensorFlow engine', () => {
  for (const [name, architecture, form] of cases) {
    it(`${name}: its loss and gradients are those of ONNX Runtime`, async () => {
      const tf = await cpuTensorflow();
      const student = buildStudent(architecture, form, randomStream(1, 'weights'));
      const feeds =
        form.samples.kind === 'tokens'
          ? textFeeds([[3, 4, 5], [1, 2, 3, 4, 5, 6], [7]], { length: 6, padding: 0 })
          : new Map([['input', normalArray([3, ...form.samples.shape], 'samples')]]);
      const build = lossOf(architecture, student.outputs[0]!.name);
      const ours = await computeGradients(student, feeds, build);
      const { graph, weights, feeds: all } = bindLoss(student, feeds, build);
      assert.deepEqual(missingOperators(graph), []);
      const names = weights.map((weight) => weight.name);
      const theirs = new Map<string, NumberArray>();
      const loss = tf.tidy(() => {
        const given = (input: string, type: 'float32' | 'int32'): TfTensor =>
          tf.tensor([...all.get(input)!.data], [...all.get(input)!.shape], type);
        const fixed = graph.inputs
          .filter((input) => !names.includes(input.name))
          .map((input) => [input.name, given(input.name, input.type === 'int64' ? 'int32' : 'float32')] as const);
        const { value, grads } = tf.valueAndGrads((...tensors: TfTensor[]) => {
          const bound = new Map([...fixed, ...names.map((weight, index) => [weight, tensors[index]!] as const)]);
          return interpretGraph(tf, graph, bound, { kind: 'inference' });
        })(names.map((weight) => given(weight, 'float32')));
        grads.forEach((gradient, index) => theirs.set(names[index]!, arrayOf(gradient.shape, gradient.dataSync())));
        return value.dataSync()[0]!;
      });
      assert.ok(Math.abs(loss - ours.loss) < 1e-4 * (1 + Math.abs(ours.loss)), `losses ${loss} and ${ours.loss}`);
      for (const [weight, gradient] of ours.gradients) assertClose(theirs.get(weight)!, gradient, 1e-4, weight);
    });
  }
});
