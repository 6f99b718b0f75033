// Trains a small network, with a teacher, on the device that works of those asked for, and prints that device and all weights as JSON.
import type { Split } from '../../src/data/dataset.ts';
import { randomStream } from '../../src/data/random.ts';
import { messageOf } from '../../src/errors.ts';
import { judge } from '../../src/evaluation/judge.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { TableTeaching } from '../../src/teacher/tableTeaching.ts';
import { chooseDevice } from '../../src/training/engines/devices.ts';
import type { TrainingPrecision } from '../../src/training/precision/trainingPrecision.ts';
import { trainNetwork } from '../../src/training/trainNetwork.ts';

const sampleShape = [2, 8, 8];
const classes = 3;
const task = { kind: 'classification', classes: ['0', '1', '2'] } as const;

/** Noise around a pattern of its class. */
function makeSplit(count: number, label: string): Split {
  const random = randomStream(0, label);
  const length = sampleShape.reduce((product, dimension) => product * dimension, 1);
  const labels = Int32Array.from({ length: count }, (_, index) => index % classes);
  const samples = Float32Array.from({ length: count * length }, (_, index) => {
    const sample = Math.floor(index / length);
    return Math.sin((index % length) * (1 + (sample % classes))) + random.normal() / 2;
  });
  return {
    count,
    targets: { kind: 'classes', labels },
    read: (indices, target) => {
      Array.from(indices).forEach((sample, row) => {
        target.set(samples.subarray(sample * length, (sample + 1) * length), row * length);
      });
      return Promise.resolve();
    },
  };
}

/** Adam alone, or another optimizer with everything that can be done beside it. */
const crafts = {
  adam: { optimizer: 'adam', epsilon: 1e-8, learningRate: 0.01 },
  lamb: { optimizer: 'lamb', epsilon: 1e-3, learningRate: 0.01, clipNorm: 0.1, averageDecay: 0.9 },
  lion: { optimizer: 'lion', learningRate: 0.001, clipNorm: 0.1, averageDecay: 0.9 },
} as const;

const [wanted = 'cpu', architecture = 'mlp', craft = 'adam', precision = 'float32'] = process.argv.slice(2);
// The device is tried once, with Adam: in a driver of software that takes longer than the training.
const { device, message } =
  craft === 'adam'
    ? await chooseDevice(wanted as 'auto' | 'cpu' | 'webgpu', precision as TrainingPrecision).catch(
        (error: unknown) => {
          // What the device does not do is told in place of the weights.
          process.stdout.write(JSON.stringify({ device: wanted, refused: messageOf(error), weights: [] }));
          process.exit();
        },
      )
    : { device: wanted as 'cpu' | 'webgpu', message: '' };
const training = makeSplit(48, 'training');
const random = randomStream(0, 'teacher');
const logits = Float32Array.from({ length: 48 * classes }, () => random.normal() * 3);
const validation = makeSplit(24, 'validation');
const trained = await trainNetwork({
  network: 'student',
  graph: buildStudent(
    architecture === 'convnet'
      ? { architecture: 'convnet', channels: [8], hidden: [], batchNormalization: true }
      : { architecture: 'mlp', hidden: [16], ...(craft !== 'adam' && { dropout: 0.2 }) },
    classifierForm(sampleShape, classes),
    randomStream(0, 'weights'),
  ),
  task: 'classification',
  samples: { kind: 'values' },
  sampleShape,
  outputShape: [classes],
  training,
  validation,
  teaching: new TableTeaching(new Map([['teacher.0', logits]]), 48),
  objective: [
    { loss: 'kd', temperature: 4, weight: 0.9, target: 'soft', standardize: false },
    { loss: 'labels', weight: 0.1, smoothing: 0 },
  ],
  options: {
    ...crafts[craft as keyof typeof crafts],
    momentum: 0,
    weightDecay: 0.01,
    schedule: 'cosine',
    warmup: 0,
    batchSize: 16,
    seed: 0,
    epochs: 3,
    precision: precision as TrainingPrecision,
  },
  device,
  random: randomStream(0, 'order'),
  measure: (outputs) => judge(task, outputs, validation.targets, { outputs: 'logits' }),
  signal: new AbortController().signal,
  onEvent: () => undefined,
});
const weights = [...trained.weights.values()].flatMap((tensor) => [...tensor.data]);
process.stdout.write(JSON.stringify({ device, message, weights }));
