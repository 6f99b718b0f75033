import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomStream } from '../../src/data/random.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { Report } from '../../src/report/report.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { sampleOf } from '../support/full.ts';
import { plainSpaces } from '../support/plainSpaces.ts';

/** Two numbers and a label that their sum decides, but for every sixth. */
function table(rows: number): string {
  const random = randomStream(3, 'rows');
  const lines = Array.from({ length: rows }, () => {
    const [x, y] = [random.uniform(), random.uniform()];
    const isHigh = random.uniform() < 1 / 6 ? random.uniform() < 0.5 : x + y > 1;
    return `${x.toFixed(4)},${y.toFixed(4)},${isHigh ? 'high' : 'low'}`;
  });
  return `x,y,label\n${lines.join('\n')}\n`;
}

describe('a training that a handful of samples cannot judge', function () {
  let folder = '';
  let whole: Report['student'];
  before(async () => {
    folder = temporaryFolder();
    await writeFile(join(folder, 'few.csv'), table(60));
    await writeFile(join(folder, 'many.csv'), table(800));
  });
  after(() => {
    removeFolder(folder);
  });

  const experiment = {
    teacher: null,
    dataset: { path: 'few.csv', enlarge: 'never' },
    student: { architecture: 'mlp', hidden: [4] },
    report: { attentionSamples: 0 },
    device: 'cpu',
  } satisfies ExperimentInput;
  async function run(
    name: string,
    value: ExperimentInput,
    watch: (event: RunEvent) => void = () => undefined,
  ): Promise<Report> {
    const signal = new AbortController().signal;
    const options = { folder: join(folder, name), baseDirectory: folder, signal, onEvent: watch };
    const { report } = await runExperiment(value, options);
    assert.ok(report);
    return report;
  }

  it('ends with the epoch that all training samples speak for, and says so', async () => {
    const epochs: { readonly epoch: number; readonly best: boolean }[] = [];
    const { student, dataset } = await run('few', experiment, (event) => {
      if (event.kind === 'epoch') epochs.push(event);
    });
    whole = student;
    assert.ok(student.epochChoice);
    assert.equal(student.epochChoice.parts, 5);
    assert.equal(student.epochChoice.samples, dataset.training);
    assert.ok(dataset.validation < 10);
    assert.ok((student.epochChoice.accuracy ?? 0) > 0.6);
    // It has all its epochs, and the one that is kept is the last that is told to be the best.
    assert.equal(student.endedBy, 'epochs');
    assert.equal(epochs.findLast(({ best }) => best)?.epoch, student.bestEpoch);
    assert.match(await readFile(join(folder, 'few', 'report.html'), 'utf8'), /Which epoch was kept/);
  });

  it('draws a student that is no better than the largest class towards the shares, and says how far', async () => {
    const random = randomStream(5, 'x');
    const numbers = (): string => `${random.uniform().toFixed(4)},${random.uniform().toFixed(4)}`;
    const lines = Array.from({ length: 60 }, (_, row) => `${numbers()},${row % 3 === 0 ? 'rare' : 'usual'}`);
    await writeFile(join(folder, 'noise.csv'), `x,y,label\n${lines.join('\n')}\n`);
    const { student } = await run('untaught', {
      ...experiment,
      dataset: { path: 'noise.csv', enlarge: 'never' },
      // It learns nothing at such a rate, so that it is the network that it began as on any machine.
      training: { learningRate: 1e-9 },
      baseline: false,
    });
    const own = student.epochChoice?.own ?? 1;
    assert.ok(own < 1);
    assert.ok((student.test.accuracy ?? 0) > 0.65, String(student.test.accuracy));
    const page = plainSpaces(await readFile(join(folder, 'untaught', 'report.html'), 'utf8'));
    assert.match(page, /drawn towards how often each class is/);
    assert.match(page, /% of its own logits is left/);
  });

  it('is judged on the validation split where that is large enough, or the file says how long it is', async () => {
    const short = { epochs: 3 } as const;
    assert.equal((await run('counted', { ...experiment, training: short })).student.epochChoice, null);
    const many = { ...experiment, dataset: { ...experiment.dataset, path: 'many.csv' } };
    assert.equal((await run('many', many)).student.epochChoice, null);
  });

  it('ends with the same student when it was stopped while parts were judged, or after', async () => {
    // A run takes its time, and there are two of them for each moment.
    for (const stopAt of sampleOf(
      'moments at which a run is stopped that judges parts',
      ['progress', 'epoch'] as const,
      1,
    )) {
      const stop = new AbortController();
      const path = join(folder, `stopped-${stopAt}`);
      const options = { folder: path, baseDirectory: folder, onEvent: () => undefined };
      const { state } = await runExperiment(experiment, {
        ...options,
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind !== stopAt) return;
          if (event.kind === 'progress' ? event.phase === 'student' && event.done > 0.3 : event.epoch === 20)
            stop.abort();
        },
      });
      assert.equal(state, 'cancelled', stopAt);
      const signal = new AbortController().signal;
      const resumed = (await resumeRun({ folder: path, signal, onEvent: () => undefined })).report?.student;
      const figures = ({ test, bestEpoch, epochChoice }: Report['student']) => ({ test, bestEpoch, epochChoice });
      assert.ok(resumed, stopAt);
      assert.deepEqual(figures(resumed), figures(whole), stopAt);
    }
  });

  it('begins with how often each class is among few samples, teacher and student alike', async () => {
    const lines = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 5},${row % 10 === 0 ? 'rare' : 'usual'}`);
    await writeFile(join(folder, 'rare.csv'), `x,y,label\n${lines.join('\n')}\n`);
    const { student, teacher } = await run('rare', {
      ...experiment,
      teacher: { architecture: 'mlp', hidden: [16] },
      dataset: { path: 'rare.csv', enlarge: 'never' },
      training: { maxSteps: 1, learningRate: 1e-9 },
      baseline: false,
    });
    // Of two classes that are taken for equally likely the loss is 0.69; the shares, 0.9 and 0.1, have 0.33.
    for (const network of [student, teacher])
      assert.ok((network?.test.loss ?? Infinity) < 0.5, `${network?.test.loss}`);
  });
});
