import assert from 'node:assert/strict';
import { measureOutputs } from '../../../src/evaluation/measureOutputs.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { randomStream } from '../../../src/data/random.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { trainNetwork } from '../../../src/training/trainNetwork.ts';
import type { TrainedNetwork } from '../../../src/training/trainNetworkOptions.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { writeImageFolder } from '../../support/imageFolder.ts';
import { decodingThreads } from '../../../src/data/formats/images/streaming/decodingWorkers.ts';
import { WorkerCount } from '../../support/workers.ts';

const MEBIBYTE = 2 ** 20;

interface Passed {
  readonly trained: TrainedNetwork;
  readonly isStreamed: boolean;
}

describe('training on images that are not in memory', () => {
  let folder: string;
  let workers: WorkerCount;
  beforeEach(() => {
    folder = temporaryFolder();
    workers = new WorkerCount();
  });
  afterEach(() => {
    workers.stop();
    removeFolder(folder);
    assert.equal(workers.alive, 0, 'threads are left');
  });

  const train = async (
    memory: number | undefined,
    { epochs = 2, onStep = () => undefined }: { readonly epochs?: number; readonly onStep?: () => void } = {},
  ): Promise<Passed> => {
    const options = datasetOptions(folder, { normalization: 'imagenet', validation: 0.05 });
    const dataset = await openDataset(options, { baseDirectory: '/', seed: 0, memory });
    const { task, samples, sampleShape, training, validation } = dataset;
    try {
      const form = classifierForm([...sampleShape], 2);
      const trained = await trainNetwork({
        network: 'student',
        graph: buildStudent({ architecture: 'mlp', hidden: [4] }, form, randomStream(0, 'weights')),
        task: task.kind,
        samples,
        sampleShape,
        outputShape: [2],
        training,
        validation,
        objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
        options: {
          optimizer: 'adam',
          learningRate: 0.001,
          momentum: 0.9,
          schedule: 'constant',
          warmup: 0,
          batchSize: 16,
          epochs,
          seed: 0,
        },
        batchAugmentation: {
          augmentation: { flip: true, shift: 2 },
          recolouring: {},
          statistics: undefined,
          background: [],
          mixing: {},
          seed: 0,
        },
        device: 'cpu',
        random: randomStream(0, 'order'),
        measure: (outputs) => measureOutputs(task, outputs, validation.targets, { outputs: 'logits' }),
        signal: new AbortController().signal,
        onEvent: onStep,
      });
      return { trained, isStreamed: training.stream !== undefined };
    } finally {
      await dataset.dispose();
    }
  };

  it('ends with the very weights of one whose images are', async () => {
    await writeImageFolder(folder, { perClass: 60, size: 16 });
    const [held, streamed, again] = [await train(undefined), await train(30_000), await train(30_000)];
    assert.deepEqual([held.isStreamed, streamed.isStreamed], [false, true]);
    assert.equal(workers.started, 2 * decodingThreads);
    assert.ok([...held.trained.weights.values()].some(({ data }) => data.length > 0));
    assert.deepEqual(streamed.trained, { ...held.trained, seconds: streamed.trained.seconds });
    assert.deepEqual(again.trained.weights, held.trained.weights);
  });

  it('takes no more memory for many than for few', async () => {
    const peak = async (perClass: number): Promise<number> => {
      await writeImageFolder(folder, { perClass, size: 160, different: 20 });
      let most = 0;
      const onStep = (): void => {
        most = Math.max(most, process.memoryUsage.rss());
      };
      const { isStreamed } = await train(4 * MEBIBYTE, { epochs: 1, onStep });
      assert.ok(isStreamed);
      return most;
    };
    const few = await peak(100);
    removeFolder(folder);
    // 234 MiB when decoded.
    const many = await peak(1600);
    const growth = (many - few) / MEBIBYTE;
    assert.ok(growth < 150, `resident memory grew by ${growth.toFixed(0)} MiB`);
  });
});
