import { randomStream } from '../../src/data/random.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { elementCount } from '../../src/onnx/tensor.ts';
import { buildStudent, type Architecture } from '../../src/students/buildStudent.ts';
import { classifierForm, type NetworkForm } from '../../src/students/networkForm.ts';
import type { TrainingTask } from '../../src/training/trainingTask.ts';
import { mobilenetNetwork } from './engineNetworks.ts';

/** A small network and what it learns. */
export interface SmallTask {
  readonly title: string;
  readonly student: Graph;
  readonly trainingTask: TrainingTask;
  /** The numbers of one batch of the task. */
  readonly batch: (seed: number, size: number) => Record<string, Float32Array>;
}

const classes = 4;
const tokens = { vocabulary: 11, length: 8, padding: 0 };

/** One small network of every architecture, built anew. */
export function smallTasks(): SmallTask[] {
  const image = [3, 16, 16];
  return [
    classifier({ architecture: 'mlp', hidden: [16, 16], dropout: 0.2 }, [12]),
    classifier(
      { architecture: 'convnet', channels: [4, 8], hidden: [16], batchNormalization: true, dropout: 0 },
      [3, 9, 9],
    ),
    classifier({ architecture: 'resnet', depth: 8, width: 0.25, stem: 'cifar' }, image),
    invertedResiduals(),
    textClassifier({ architecture: 'transformer', layers: 2, heads: 2, hidden: 16, pooling: 'mean', dropout: 0 }),
    textClassifier({ architecture: 'textcnn', embedding: 8, widths: [2, 3], filters: 4, dropout: 0 }),
    autoencoder(),
  ];
}

/** A classifier of normally distributed numbers. */
export function classifier(architecture: Architecture, sampleShape: readonly number[]): SmallTask {
  return {
    title: architecture.architecture,
    student: build(architecture, classifierForm(sampleShape, classes)),
    trainingTask: {
      task: 'classification',
      samples: { kind: 'values' },
      sampleShape,
      outputShape: [classes],
      objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    },
    batch: (seed, size) => ({ samples: normal(seed, size * elementCount(sampleShape)), labels: labels(seed, size) }),
  };
}

/** MobileNetV2's blocks; the whole of it is too deep for small images to give gradients that do not depend on rounding. */
function invertedResiduals(): SmallTask {
  const { graph, sampleShape } = mobilenetNetwork();
  return {
    ...classifier({ architecture: 'mlp', hidden: [], dropout: 0 }, sampleShape),
    title: 'mobilenetv2',
    student: graph,
  };
}

function textClassifier(architecture: Architecture): SmallTask {
  const { vocabulary, length, padding } = tokens;
  return {
    title: architecture.architecture,
    student: build(architecture, {
      samples: { kind: 'tokens', length, vocabulary, padding },
      output: { kind: 'logits', classes },
    }),
    trainingTask: {
      task: 'classification',
      samples: { kind: 'tokens', vocabulary, padding },
      sampleShape: [length],
      outputShape: [classes],
      objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    },
    batch: (seed, size) => {
      const random = randomStream(seed, 'tokens');
      // The last tokens of every text are padding.
      const drawn = Float32Array.from({ length: size * length }, (_, index) =>
        index % length > 5 ? padding : 1 + Math.floor(random.uniform() * (vocabulary - 1)),
      );
      return { samples: drawn, labels: labels(seed, size) };
    },
  };
}

function autoencoder(): SmallTask {
  const shape = [1, 8, 8];
  return {
    title: 'autoencoder',
    student: build(
      { architecture: 'autoencoder', channels: [4], hidden: [], bottleneck: 6 },
      { samples: { kind: 'values', shape }, output: { kind: 'values', shape } },
    ),
    trainingTask: {
      task: 'reconstruction',
      samples: { kind: 'values' },
      sampleShape: shape,
      outputShape: shape,
      objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    },
    batch: (seed, size) => {
      const samples = normal(seed, size * elementCount(shape));
      return { samples, labels: samples };
    },
  };
}

function build(architecture: Architecture, form: NetworkForm): Graph {
  return buildStudent(architecture, form, randomStream(0, 'weights'));
}

function normal(seed: number, length: number): Float32Array {
  const random = randomStream(seed, 'samples');
  return Float32Array.from({ length }, () => random.normal());
}

function labels(seed: number, size: number): Float32Array {
  const random = randomStream(seed, 'labels');
  const data = new Float32Array(size * classes);
  for (let row = 0; row < size; row++) data[row * classes + Math.floor(random.uniform() * classes)] = 1;
  return data;
}
