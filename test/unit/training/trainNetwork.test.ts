import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import type { Split } from '../../../src/data/dataset.ts';
import { judge } from '../../../src/evaluation/judge.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { trainNetwork, type TrainNetworkOptions } from '../../../src/training/trainNetwork.ts';

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
    options: {
      optimizer: 'adam',
      learningRate: 0.01,
      momentum: 0.9,
      schedule: 'constant',
      warmup: 0,
      batchSize: 2,
      epochs: 4,
      seed: 0,
    },
    device: 'cpu',
    random: randomStream(0, 'order'),
    measure: (outputs) => {
      const { targets } = change.validation ?? split(2);
      return judge({ kind: 'classification', classes: ['0', '1'] }, outputs, targets, { outputs: 'logits' });
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
    ...change,
  };
}

describe('trainNetwork', () => {
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
    assert.equal(trained.stopped, true);
    assert.equal(trained.bestEpoch, 1);
    assert.ok(trained.weights.size > 0);
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
});
