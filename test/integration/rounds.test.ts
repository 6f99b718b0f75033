import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { RoundPart } from '../../src/training/rounds/trainInRounds.ts';
import { readReport } from '../../src/runFolder/readRun.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { tinyExperiment } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

const experiment = {
  ...tinyExperiment,
  teacher: null,
  objective: [{ loss: 'labels' }],
  dataset: { path: smallDigits(), limit: 600 },
  training: { epochs: 4, batchSize: 20, learningRate: 0.01 },
  rounds: { workers: 2, localSteps: 20 },
} satisfies ExperimentInput;

/** The epochs of a run as its folder tells them. */
function toldEpochs(folder: string): readonly RunEvent[] {
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent).filter(({ kind }) => kind === 'epoch');
}

describe('training in rounds', function () {
  let parent: string;
  before(() => {
    parent = temporaryFolder();
  });
  after(() => {
    removeFolder(parent);
  });

  async function run(
    name: string,
    more: Parameters<typeof runExperiment>[1] extends infer Options ? Partial<Options> : never = {},
    asked: ExperimentInput = experiment,
  ) {
    const events: RunEvent[] = [];
    const folder = join(parent, name);
    const result = await runExperiment(asked, {
      folder,
      baseDirectory: parent,
      signal: new AbortController().signal,
      ...more,
      onEvent: (event) => {
        events.push(event);
        more.onEvent?.(event);
      },
    });
    return { folder, events, result };
  }

  it('comes to the same in parts of several processes as in turns, and after it was stopped', async () => {
    const shared = join(parent, 'shared');
    // 60 steps of each worker: three rounds.
    for (let round = 0; round < 3; round++) {
      const parts: RoundPart[] = [1, 0].map((worker) => ({ kind: 'worker', round, worker }));
      for (const part of [...parts, { kind: 'merge', round } as const]) {
        const { result } = await run('part', { shared: { folder: shared, part } });
        assert.equal(result.state, 'cancelled');
      }
    }
    const place = { shared: { folder: shared } };
    const finished = await run('finished', place);
    const turns = await run('turns', { shared: { folder: join(parent, 'turns-shared') } });
    const common = (folder: string) => readFileSync(join(folder, 'rounds', 'student', 'common.safetensors'));
    assert.deepEqual(common(shared), common(join(parent, 'turns-shared')));
    const { student } = await readReport(finished.folder);
    assert.deepEqual((await readReport(turns.folder)).student.test, student.test);
    const epochs = turns.events.flatMap((event) => (event.kind === 'epoch' ? [[event.epoch, event.step]] : []));
    assert.deepEqual(epochs, [
      [1, 20],
      [2, 40],
      [3, 60],
    ]);
    assert.ok((student.test.accuracy ?? 0) > 0.5, String(student.test.accuracy));

    const stop = new AbortController();
    const stopped = await run('stopped', {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'epoch') stop.abort();
      },
    });
    assert.equal(stopped.result.state, 'cancelled');
    const options = { folder: stopped.folder, signal: new AbortController().signal, onEvent: () => undefined };
    assert.equal((await resumeRun(options)).state, 'finished');
    assert.deepEqual((await readReport(stopped.folder)).student.test, student.test);
    const curve = toldEpochs(turns.folder);
    assert.equal(curve.length, 3);
    assert.deepEqual(toldEpochs(stopped.folder), curve, 'what was told before the stop is told as well');
    assert.deepEqual(toldEpochs(finished.folder), curve, 'what other processes did, too');
    assert.ok(!existsSync(join(stopped.folder, 'rounds')));
  });

  it('joins sites of which each lacks what others have', async () => {
    const halves = [
      ['5', '6', '7', '8', '9'],
      ['0', '1', '2', '3', '4'],
    ];
    const sites = halves.map((exclude) => ({ dataset: { exclude } }));
    const { events, folder } = await run('sites', {}, { ...experiment, rounds: { sites, localSteps: 5 } });
    const { student } = await readReport(folder);
    assert.ok((student.test.accuracy ?? 0) > 0.55, `${student.test.accuracy}: no site alone comes to more than half`);
    assert.ok(events.some((event) => event.kind === 'epoch'));
  });
});
