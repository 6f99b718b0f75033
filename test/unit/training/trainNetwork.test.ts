import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import type { Split } from '../../../src/data/samples/split.ts';
import { measureOutputs } from '../../../src/evaluation/measureOutputs.ts';
import { PauseGate } from '../../../src/platform/pauseGate.ts';
import type { EpochEvent, RunEvent } from '../../../src/protocol/events.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type TrainingCheckpoint,
} from '../../../src/training/checkpoints/checkpoint.ts';
import type { EngineOptions, OpenEngine, TrainingEngine } from '../../../src/training/engines/engine.ts';
import { OnnxRuntimeEngine } from '../../../src/training/engines/onnxruntimeEngine.ts';
import { drawLastLayer, drawLogits } from '../../../src/training/epochByParts/drawToShares.ts';
import { trainNetwork } from '../../../src/training/trainNetwork.ts';
import type { TrainNetworkOptions } from '../../../src/training/trainNetworkOptions.ts';
import { pairsAtATime } from '../../support/pairsAtATime.ts';

/** Samples of two classes in turns, told apart by which of their two values is 1. */
function split(count: number, onRead: () => void = () => undefined): Split {
  return {
    count,
    targets: { kind: 'classes', labels: Int32Array.from({ length: count }, (_, index) => index % 2) },
    read: (indices, target) => {
      onRead();
      target.fill(0);
      Array.from(indices).forEach((index, row) => {
        target[row * 2 + (index % 2)] = 1;
      });
      return Promise.resolve();
    },
  };
}

function optionsWith(change: Partial<TrainNetworkOptions>): TrainNetworkOptions {
  return {
    network: 'student',
    graph: buildStudent({ architecture: 'mlp', hidden: [4] }, classifierForm([2], 2), randomStream(0, 'weights')),
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape: [2],
    outputShape: [2],
    training: split(2),
    validation: split(2),
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    options: { ...pairsAtATime, epochs: 4 },
    device: 'cpu',
    random: randomStream(0, 'order'),
    measure: (outputs) => {
      const { targets } = change.validation ?? split(2);
      return measureOutputs({ kind: 'classification', classes: ['0', '1'] }, outputs, targets, { outputs: 'logits' });
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
    ...change,
  };
}

async function openEngineOfSingleSteps(options: EngineOptions): Promise<TrainingEngine> {
  return Object.defineProperty(await OnnxRuntimeEngine.open(options), 'mostSteps', { value: 1 });
}

describe('trainNetwork', () => {
  it('waits while there is a pause, which changes nothing and counts as no time, and keeps what it needs to go on', async () => {
    const gate = new PauseGate();
    const told: string[] = [];
    let stored: TrainingCheckpoint | undefined;
    gate.watch({
      onHold: () => {
        told.push('held');
        setTimeout(() => {
          gate.resume();
        }, 300);
      },
      onRelease: (milliseconds) => told.push(milliseconds >= 290 ? 'released' : `released after ${milliseconds} ms`),
    });
    const options = (change: Partial<TrainNetworkOptions>): TrainNetworkOptions =>
      optionsWith({ training: split(8), ...change });
    const paused = await trainNetwork(
      options({
        pause: gate,
        checkpoints: {
          stored: undefined,
          save: (checkpoint) => {
            if (gate.isPaused) stored = checkpoint;
            return Promise.resolve();
          },
        },
        onEvent: (event) => {
          if (event.kind === 'epoch' && event.epoch === 2) gate.pause();
        },
      }),
    );
    const began = performance.now();
    const straight = await trainNetwork(options({}));
    assert.deepEqual(told, ['held', 'released']);
    assert.equal(stored?.step, 8);
    assert.deepEqual(paused.weights, straight.weights);
    const slack = (performance.now() - began) / 1000;
    assert.ok(paused.seconds < straight.seconds + slack + 0.25, `it took ${paused.seconds} s`);
  });

  it('does not wait in a pause when it is to stop', async () => {
    const [gate, stop] = [new PauseGate(), new AbortController()];
    gate.pause();
    gate.watch({
      onHold: () => {
        stop.abort();
      },
      onRelease: () => undefined,
    });
    assert.equal((await trainNetwork(optionsWith({ pause: gate, signal: stop.signal }))).endedBy, 'stopped');
  });

  it('keeps the best weights when it is stopped in the middle of a validation', async () => {
    const stop = new AbortController();
    let reads = 0;
    // Three batches in each validation: the second one is left in its middle.
    const validation = split(600, () => {
      if (++reads === 5) stop.abort();
    });
    const epochs: RunEvent[] = [];
    const trained = await trainNetwork(
      optionsWith({
        validation,
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'epoch') epochs.push(event);
        },
      }),
    );
    assert.equal(epochs.length, 1);
    assert.equal(trained.endedBy, 'stopped');
    assert.equal(trained.bestEpoch, 1);
    assert.ok(trained.weights.size > 0);
  });

  it('keeps the epoch that it was told to, and the best until then where it is stopped before', async () => {
    // Each epoch but the first is worse than the one before, as it is measured.
    const trainTo = async (change: Partial<TrainNetworkOptions>) => {
      let epochs = 0;
      const best: number[] = [];
      const trained = await trainNetwork(
        optionsWith({
          measure: () => ({ accuracy: 1 / ++epochs, loss: epochs }),
          onEvent: (event) => {
            if (event.kind === 'epoch' && event.best) best.push(event.epoch);
          },
          ...change,
        }),
      );
      return { ...trained, best };
    };
    const kept = await trainTo({ keptEpoch: 3 });
    assert.deepEqual([kept.bestEpoch, kept.best, kept.quality.loss, kept.endedBy], [3, [1, 3], 3, 'epochs']);
    const three = await trainTo({ options: { ...pairsAtATime, epochs: 3 }, keptEpoch: 3 });
    assert.deepEqual(kept.weights, three.weights);
    const first = await trainTo({});
    assert.equal(first.bestEpoch, 1);
    assert.notDeepEqual(kept.weights, first.weights);
    const cut = await trainTo({ keptEpoch: 3, pauseAfter: 2 });
    assert.deepEqual([cut.bestEpoch, cut.endedBy], [1, 'stopped']);
  });

  it('draws what the kept epoch says to the shares of the classes, and judges it so', async () => {
    const draw = { own: 0.25, shares: [0.9, 0.1], layer: { weight: 'output.weight', bias: 'output.bias' } } as const;
    const heard: Float32Array[] = [];
    const measure = (outputs: Float32Array) => ({ accuracy: 1, loss: heard.push(outputs.slice()) });
    const plain = await trainNetwork(optionsWith({ measure, keptEpoch: 3 }));
    const drawn = await trainNetwork(optionsWith({ measure, keptEpoch: 3, draw }));
    assert.deepEqual(drawn.weights, drawLastLayer(plain.weights, draw));
    assert.notDeepEqual(drawn.weights, plain.weights);
    assert.equal(drawn.bestEpoch, 3);
    const [before, after] = [heard.slice(0, 4), heard.slice(4)];
    after.forEach((outputs, index) => {
      const said = before[index] ?? new Float32Array();
      assert.deepEqual(outputs, index === 2 ? drawLogits(said, draw) : said, `epoch ${index + 1}`);
    });
  });

  it('fails with what kept a batch from being read while another ran, and with nothing else', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const failing = (count: number): Split => {
        const whole = split(count);
        let reads = 0;
        const read: Split['read'] = (...given) =>
          ++reads === 2 ? Promise.reject(new Error('The file is gone.')) : whole.read(...given);
        return { ...whole, read };
      };
      await assert.rejects(trainNetwork(optionsWith({ training: failing(8) })), /The file is gone/);
      await assert.rejects(trainNetwork(optionsWith({ validation: failing(600) })), /The file is gone/);
      assert.deepEqual(unhandled, []);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('ends when a loss is not finite; in half precision such a step is left out, unless there is no other', async () => {
    /** Samples of which the first of so many overflow float16 and float32. */
    const overflowing = (count: number): Split => {
      const plain = split(64);
      const read = async (indices: Int32Array, target: Float32Array): Promise<void> => {
        await plain.read(indices, target);
        Array.from(indices).forEach((index, row) => {
          if (index < count) target.fill(Infinity, row * 2, row * 2 + 2);
        });
      };
      return { ...plain, read };
    };
    const train = async (count: number, precision: 'float32' | 'float16') => {
      const { options } = optionsWith({});
      return trainNetwork(
        optionsWith({ training: overflowing(count), validation: split(2), options: { ...options, precision } }),
      );
    };
    await assert.rejects(train(1, 'float32'), /Training diverged: the loss '\w+' is NaN/);
    const { weights, endedBy } = await train(1, 'float16');
    assert.equal(endedBy, 'epochs');
    for (const { data } of weights.values()) assert.ok(data.every(Number.isFinite));
    await assert.rejects(train(64, 'float16'), /Training diverged: the loss '\w+' is NaN at step 32/);
  });

  it('tells the losses of every epoch, however short', async () => {
    const events: RunEvent[] = [];
    await trainNetwork(optionsWith({ onEvent: (event) => events.push(event) }));
    const losses = events.flatMap((event) => (event.kind === 'epoch' ? [event.losses['total']] : []));
    assert.equal(losses.length, 4);
    assert.ok(
      losses.every((loss) => loss !== undefined && Number.isFinite(loss)),
      String(losses),
    );
  });

  it('ends with whichever condition is met first, and says which', async () => {
    const ended = async (
      change: Partial<TrainNetworkOptions['options']>,
      measured?: Partial<Pick<TrainNetworkOptions, 'measure'>>,
    ) => {
      const epochs: EpochEvent[] = [];
      const base = optionsWith({ training: split(12) });
      const { endedBy } = await trainNetwork({
        ...base,
        ...measured,
        options: { ...base.options, ...change },
        onEvent: (event) => {
          if (event.kind === 'epoch') epochs.push(event);
        },
      });
      return [endedBy, epochs.map(({ step }) => step)];
    };
    assert.deepEqual(await ended({ epochs: 2 }), ['epochs', [6, 12]]);
    assert.deepEqual(await ended({ maxSteps: 8 }), ['maxSteps', [6, 8]]);
    assert.deepEqual(await ended({ maxMinutes: 1e-9 }), ['maxMinutes', [1]]);
    assert.deepEqual(await ended({ targetAccuracy: 0.5 }), ['targetAccuracy', [6]]);
    const measure = () => ({ accuracy: 0.5, loss: 1 });
    assert.deepEqual(await ended({ epochs: 9, patience: 2 }, { measure }), ['patience', [6, 12, 18]]);
  });

  it('tells once which operators of a step the CPU computes though it trains on a device, and not of the baseline', async () => {
    const openEngine: OpenEngine = async (options) =>
      Object.defineProperty(await OnnxRuntimeEngine.open({ ...options, device: 'cpu' }), 'operatorsOnCpu', {
        value: ['Cast', 'Gather'],
      });
    const warningsOf = async (network: 'student' | 'baseline'): Promise<readonly string[]> => {
      const warnings: string[] = [];
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'warning') warnings.push(`${event.problem.where}: ${event.problem.message}`);
      };
      await trainNetwork(optionsWith({ network, device: 'webgpu', openEngine, onEvent }));
      return warnings;
    };
    assert.deepEqual(await warningsOf('student'), [
      "device: webgpu leaves operators of the student's training step to the CPU: Cast, Gather. Every step waits for copies to and fro, which makes it slower than it could be.",
    ]);
    assert.deepEqual(await warningsOf('baseline'), []);
  });

  it('goes on from any checkpoint to the same weights, losses and epochs', async () => {
    const run = async (openEngine: OpenEngine, stored?: TrainingCheckpoint) => {
      const checkpoints: TrainingCheckpoint[] = [];
      const epochs: EpochEvent[] = [];
      const base = optionsWith({ training: split(12), random: randomStream(0, 'order') });
      const trained = await trainNetwork({
        ...base,
        openEngine,
        options: { ...base.options, checkpointMinutes: 1e-9, averageDecay: 0.9 },
        checkpoints: {
          stored,
          save: (checkpoint) => {
            checkpoints.push(checkpoint);
            return Promise.resolve();
          },
        },
        onEvent: (event) => {
          if (event.kind === 'epoch') epochs.push(event);
        },
      });
      return { checkpoints, epochs, weights: trained.weights, bestEpoch: trained.bestEpoch };
    };
    const whole = await run(openEngineOfSingleSteps);
    // After every step but the last of each of the four epochs, and between two epochs.
    assert.deepEqual(
      whole.checkpoints.map(({ step }) => step),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23],
    );
    for (const checkpoint of whole.checkpoints) {
      // In runs of several steps.
      const rest = await run(
        (options) => OnnxRuntimeEngine.open(options),
        decodeCheckpoint(encodeCheckpoint(checkpoint, {}), 'x').checkpoint,
      );
      assert.deepEqual(rest.weights, whole.weights, `after step ${checkpoint.step}`);
      assert.equal(rest.bestEpoch, whole.bestEpoch);
      assert.deepEqual(
        rest.epochs,
        whole.epochs.filter(({ epoch }) => epoch >= checkpoint.epoch),
      );
    }
  });

  it('refuses a checkpoint of a dataset of another size', async () => {
    let stored: TrainingCheckpoint | undefined;
    const save = (checkpoint: TrainingCheckpoint): Promise<void> => {
      stored = checkpoint;
      return Promise.resolve();
    };
    await trainNetwork(optionsWith({ checkpoints: { stored, save } }));
    assert.ok(stored);
    await assert.rejects(
      trainNetwork(optionsWith({ training: split(8), checkpoints: { stored, save } })),
      /has 1 batches in an epoch; with this dataset there are 4/,
    );
  });
});
