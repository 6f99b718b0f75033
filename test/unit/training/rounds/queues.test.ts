import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { RoundFiles } from '../../../../src/training/rounds/roundFiles.ts';
import { trainInRounds } from '../../../../src/training/rounds/trainInRounds.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { pairsAtATime } from '../../../support/pairsAtATime.ts';
import {
  directionOf,
  labels,
  queuedSplit,
  queuedTeaching,
  similarity,
  studentFor,
  WIDTH,
} from '../../../support/queuedTraining.ts';

const COUNT = 8;
const objective = [labels, similarity(5)];

describe('queues of features in rounds', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  it('are of each worker alone, filled with its own samples, and go on from round to round', async () => {
    const files = new RoundFiles(folder);
    await trainInRounds(
      {
        network: 'student',
        graph: studentFor(objective, [WIDTH]),
        task: 'classification',
        samples: { kind: 'values' },
        sampleShape: [2],
        outputShape: [3],
        training: queuedSplit(2 * COUNT),
        validation: queuedSplit(COUNT),
        objective,
        teacherFeatures: new Map([['code', [WIDTH]]]),
        options: {
          ...pairsAtATime,
          epochs: 1,
        },
        device: 'cpu',
        random: randomStream(0, 'order'),
        measure: () => ({ accuracy: null, loss: 1 }),
        signal: new AbortController().signal,
        onEvent: () => undefined,
      },
      {
        workers: 2,
        open: (worker) => Promise.resolve({ training: queuedSplit(COUNT), teaching: queuedTeaching(worker * COUNT) }),
        samples: 2 * COUNT,
        localSteps: 2,
        outerLearningRate: 0.7,
        outerMomentum: 0.9,
        files,
      },
    );
    for (const worker of [0, 1]) {
      const state = (await files.readWorker(worker))!.checkpoint.state;
      const { data } = state.get('queue:queue-similarity')!;
      const rows = Array.from({ length: 5 }, (_, row) => [...data.slice(row * WIDTH, (row + 1) * WIDTH)]);
      // Four steps in two rounds.
      assert.equal(state.get('queue:queue-similarity.filled')!.data[0], 5);
      const own = Array.from({ length: COUNT }, (_, index) => directionOf(worker * COUNT + index));
      const held = rows.map((row) =>
        own.findIndex((direction) => direction.every((value, axis) => Math.abs(value - row[axis]!) < 1e-6)),
      );
      assert.ok(
        held.every((index) => index >= 0),
        `worker ${worker}: ${held.join()}`,
      );
      assert.equal(new Set(held).size, 5, 'no sample comes twice in an epoch');
    }
    const common = (await files.readCommon())!;
    assert.equal(common.rounds, 2);
    assert.ok(![...common.vectors.keys()].some((name) => name.startsWith('queue:')));
  });
});
