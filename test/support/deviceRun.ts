// Trains small networks, with a teacher, on the device that works of those asked for, and prints that device, all weights of each and what was
// warned of as JSON.
import type { Split } from '../../src/data/samples/split.ts';
import { randomStream } from '../../src/data/random.ts';
import { messageOf } from '../../src/errors.ts';
import { measureOutputs } from '../../src/evaluation/measureOutputs.ts';
import { copyGraph } from '../../src/onnx/copy.ts';
import { Graph } from '../../src/onnx/graph.ts';
import { buildStudent, type Architecture } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { appendProjection } from '../../src/objectives/features/appendRegressor.ts';
import type { ObjectiveTerm } from '../../src/objectives/objectiveTerm.ts';
import { TableTeaching } from '../../src/teacher/tableTeaching.ts';
import { chooseDevice } from '../../src/training/engines/devices/chooseDevice.ts';
import { preferLayout, type ImageLayout } from '../../src/training/engines/session.ts';
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

interface DeviceRun {
  readonly device: string;
  readonly message: string;
  /** Why the device was refused. */
  readonly refused?: string;
  readonly weights: readonly number[];
  readonly warnings: readonly string[];
}

const usual: readonly ObjectiveTerm[] = [
  { loss: 'kd', temperature: 4, weight: 0.9, target: 'soft', standardize: false },
  { loss: 'labels', weight: 0.1, smoothing: 0 },
];

/** Numbers of the teacher's feature. */
const WIDTH = 5;
const pair = { student: 'dense1.activation', teacher: 'code' };

/** Queues that batches do not divide. */
const queued: readonly ObjectiveTerm[] = [
  { loss: 'labels', weight: 1, smoothing: 0 },
  { loss: 'queue-similarity', weight: 1, queue: 24, temperature: 0.1, studentTemperature: 0.2, ...pair },
  { loss: 'contrastive', weight: 1, temperature: 0.1, queue: 20, ...pair },
];

/** Devices that were tried once: in a driver of software that takes longer than the training. */
const tried = new Map<string, ReturnType<typeof chooseDevice>>();

/** A student of an architecture's name; `softsign` ends with an operator that ONNX Runtime's WebGPU provider (1.30) does not have. */
function studentOf(architecture: string, craft: string): Graph {
  const network: Architecture =
    architecture === 'convnet'
      ? { architecture: 'convnet', channels: [8], hidden: [], batchNormalization: true }
      : architecture === 'deep'
        ? { architecture: 'mlp', hidden: Array.from({ length: 12 }, () => 8) }
        : { architecture: 'mlp', hidden: [16], ...(craft !== 'adam' && { dropout: 0.2 }) };
  const student = buildStudent(network, classifierForm(sampleShape, classes), randomStream(0, 'weights'));
  if (architecture !== 'softsign') return student;
  const graph = new Graph();
  const [input, output] = [student.inputs[0]!, student.outputs[0]!];
  const bindings = new Map([[input.name, graph.input('samples', 'float32', input.shape)]]);
  const copies = copyGraph(graph, student, { bindings, prefix: 'student.' });
  graph.output(graph.op('Softsign', [copies.get(output.name)]), 'logits');
  return graph;
}

/** A training, as `mlp`, `convnet adam float16`, `convnet adam float32 NCHW` and the like name it. */
async function trainOn(wanted: string, kind: string): Promise<DeviceRun> {
  const [architecture = 'mlp', craft = 'adam', precision = 'float32', layout = 'NHWC'] = kind.split(' ');
  const choice =
    tried.get(precision) ??
    chooseDevice(wanted as 'auto' | 'cpu' | 'webgpu', { precision: precision as TrainingPrecision });
  tried.set(precision, choice);
  let chosen: Awaited<typeof choice>;
  try {
    chosen = await choice;
  } catch (error) {
    // What the device does not do is told in place of the weights.
    return { device: wanted, message: '', refused: messageOf(error), weights: [], warnings: [] };
  }
  const { device, message } = chosen;
  preferLayout(layout as ImageLayout);
  const training = makeSplit(48, 'training');
  const random = randomStream(0, 'teacher');
  const logits = Float32Array.from({ length: 48 * classes }, () => random.normal() * 3);
  const validation = makeSplit(24, 'validation');
  const warnings: string[] = [];
  const graph = studentOf(architecture, craft);
  const isQueued = architecture === 'queues';
  const tables = new Map([['teacher.0', logits]]);
  if (isQueued) {
    for (const name of ['regressor.0', 'regressor.1']) {
      appendProjection(graph, graph.value(pair.student), ['batch', WIDTH], name, randomStream(0, name));
    }
    tables.set(
      'teacher:code',
      Float32Array.from({ length: 48 * WIDTH }, () => random.normal()),
    );
  }
  const trained = await trainNetwork({
    network: 'student',
    graph,
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape,
    outputShape: [classes],
    training,
    validation,
    teaching: new TableTeaching(tables, 48),
    objective: isQueued ? queued : usual,
    ...(isQueued && { teacherFeatures: new Map([['code', [WIDTH]]]) }),
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
    measure: (outputs) => measureOutputs(task, outputs, validation.targets, { outputs: 'logits' }),
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.kind === 'warning') warnings.push(event.problem.message);
    },
  });
  const weights = [...trained.weights.values()].flatMap((tensor) => [...tensor.data]);
  return { device, message, weights, warnings };
}

const [wanted = 'cpu', ...kinds] = process.argv.slice(2);
const runs: DeviceRun[] = [];
for (const kind of kinds) runs.push(await trainOn(wanted, kind));
process.stdout.write(JSON.stringify(runs));
