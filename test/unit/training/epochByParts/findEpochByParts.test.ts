import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import type { Split } from '../../../../src/data/samples/split.ts';
import { measureOutputs } from '../../../../src/evaluation/measureOutputs.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import type { Teaching } from '../../../../src/training/batchFeeder.ts';
import { findEpochByParts, type PartedSamples } from '../../../../src/training/epochByParts/findEpochByParts.ts';
import type { TrainNetworkOptions } from '../../../../src/training/trainNetworkOptions.ts';
import { pairsAtATime } from '../../../support/pairsAtATime.ts';

const LABELLED = 20;

/** Samples of two classes in turns; the first value is the sample's place, the second its class. */
function split(count: number, onRead: (places: readonly number[]) => void): Split {
  return {
    count,
    targets: { kind: 'classes', labels: Int32Array.from({ length: count }, (_, index) => index % 2) },
    read: (indices, target) => {
      onRead(Array.from(indices));
      Array.from(indices).forEach((index, row) => {
        target.set([index / 100, index % 2], row * 2);
      });
      return Promise.resolve();
    },
  };
}

function optionsFor(training: Split, change: Partial<TrainNetworkOptions> = {}): TrainNetworkOptions {
  return {
    network: 'student',
    graph: buildStudent({ architecture: 'mlp', hidden: [4] }, classifierForm([2], 2), randomStream(0, 'weights')),
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape: [2],
    outputShape: [2],
    training,
    validation: training,
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    options: { ...pairsAtATime, epochs: 6, automatic: { patienceSteps: 1 } },
    device: 'cpu',
    random: randomStream(0, 'order'),
    measure: () => assert.fail('The validation split is asked.'),
    signal: new AbortController().signal,
    onEvent: () => assert.fail('Parts are no training of the run.'),
    ...change,
  };
}

function parted(judged: number[], labelledAt: PartedSamples['labelledAt']): PartedSamples {
  return {
    labelledAt,
    count: LABELLED,
    judgeOn: (part) => {
      judged.push(part.count);
      return Promise.resolve((outputs) =>
        measureOutputs({ kind: 'classification', classes: ['0', '1'] }, outputs, part.targets, { outputs: 'logits' }),
      );
    },
    onProgress: () => undefined,
  };
}

describe('findEpochByParts', () => {
  it('judges every sample with a label once, by a network that did not learn it, in as many steps as are planned', async () => {
    const judged: number[] = [];
    const shares: number[] = [];
    const training = split(LABELLED, () => undefined);
    const chosen = await findEpochByParts(optionsFor(training), {
      ...parted(judged, (place) => place),
      onProgress: (done) => shares.push(done),
    });
    assert.deepEqual(judged, [4, 4, 4, 4, 4]);
    assert.ok(chosen && chosen.epoch >= 1 && chosen.epoch <= 6);
    assert.ok(chosen.quality.loss > 0);
    assert.equal(shares.at(-1), 1);
  });

  it('is the same each time', async () => {
    const find = () =>
      findEpochByParts(
        optionsFor(split(LABELLED, () => undefined)),
        parted([], (place) => place),
      );
    assert.deepEqual(await find(), await find());
  });

  it('learns a part’s samples in neither of their places, and asks the teacher about those that it learns', async () => {
    const parts: { readonly judged: readonly number[]; readonly asked: number[] }[] = [];
    let places: readonly number[] = [];
    const training = split(2 * LABELLED, (read) => {
      places = read;
    });
    const teaching: Teaching = {
      write: ({ indices }) => {
        parts.at(-1)?.asked.push(...Array.from(indices));
        return Promise.resolve();
      },
    };
    const samples = parted([], (place) => place % LABELLED);
    await findEpochByParts(optionsFor(training, { teaching, options: { ...pairsAtATime, epochs: 1 } }), {
      ...samples,
      judgeOn: async (part) => {
        await part.read([...Array(part.count).keys()], new Float32Array(2 * part.count));
        parts.push({ judged: places, asked: [] });
        return samples.judgeOn(part);
      },
    });
    assert.deepEqual(
      parts.flatMap(({ judged }) => [...judged]).toSorted((one, other) => one - other),
      [...Array(LABELLED).keys()],
    );
    for (const { judged, asked } of parts) {
      assert.equal(asked.length, 2 * LABELLED);
      assert.ok(asked.every((place) => !judged.includes(place % LABELLED)));
      assert.ok(asked.some((place) => place >= LABELLED));
    }
  });

  it('finds nothing where the run is stopped, or the loss is no number', async () => {
    const training = split(LABELLED, () => undefined);
    const signal = AbortSignal.abort();
    assert.equal(
      await findEpochByParts(
        optionsFor(training, { signal }),
        parted([], (place) => place),
      ),
      undefined,
    );
    const options = { ...pairsAtATime, epochs: 6, learningRate: 1e30 };
    assert.equal(
      await findEpochByParts(
        optionsFor(training, { options }),
        parted([], (place) => place),
      ),
      undefined,
    );
  });
});
