import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resumeRun } from '../../src/run/resumeRun.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { readStoredProgress } from '../../src/runFolder/checkpointFolder.ts';
import { reportSchema } from '../../src/report/reportSchema.ts';
import { removeRuns, run } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

/** Nothing but teacher, data and student; the limits keep it short. */
const experiment = {
  teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 20 } },
  dataset: { path: smallDigits(), limit: 400 },
  student: { architecture: 'mlp', hidden: [64] },
  // Enough for trials to be a small part of it.
  training: { epochs: 450, batchSize: 50 },
  report: { attentionSamples: 0 },
  device: 'cpu',
} as const satisfies ExperimentInput;

describe('what a run decides by itself', function () {
  // Trials and three trainings, on machines that are busy with other things.
  after(removeRuns);

  it('is an objective chosen by trials, which stand in the report, and which a run that goes on does not repeat', async () => {
    let epochs = 0;
    const stopped = await run(experiment, (event, controller) => {
      if (event.kind === 'epoch' && event.network === 'student' && ++epochs === 20) controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const { choice: chosen } = (await readStoredProgress(stopped.folder)).progress;
    assert.ok(chosen);
    const trials: string[] = [];
    const resumed = await resumeRun({
      folder: stopped.folder,
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === 'progress' && event.phase === 'trials') trials.push(event.phase);
      },
    });
    assert.equal(resumed.state, 'finished');
    assert.deepEqual(trials, []);
    const { choice, advice } = resumed.report;
    assert.deepEqual(choice, chosen);
    const names = choice.trials.map(({ name }) => name);
    assert.ok(
      names.length >= 3 && new Set(names).size === names.length && names.includes(choice.chosen),
      names.join('; '),
    );
    assert.ok(choice.trials.filter(({ advantage }) => advantage !== null).length >= 2);
    const written = reportSchema.parse(JSON.parse(await readFile(join(stopped.folder, 'report.json'), 'utf8')));
    assert.deepEqual([written.choice, written.advice], [choice, advice]);
    const page = await readFile(join(stopped.folder, 'report.html'), 'utf8');
    assert.match(page, /How the objective was chosen/);
    assert.equal(page.includes('What to do next'), advice.length > 0);
  });

  it('is what is usual where minutes are limited to less than the trials of anything take', async () => {
    const { result, events } = await run({
      ...experiment,
      teacher: { ...experiment.teacher, training: { epochs: 1 } },
      student: { architecture: 'mlp', hidden: [512] },
      training: { maxMinutes: 0.0005 },
    });
    assert.ok(result.state === 'finished');
    const { choice } = result.report;
    assert.deepEqual(choice?.trials, []);
    // After so little training either student may be the better one, which the run ends with.
    assert.match(choice.reason, /^(?:too-short|taught-no-better)$/);
    const told = events.flatMap((event) => (event.kind === 'phase' ? [event.message] : [])).join('\n');
    assert.match(told, /Learning rate 0\.001, as usual: no trial of \d+ steps came to its end/);
    assert.match(told, /so the samples stay as they are/);
  });

  it('tells apart a training that is too short for trials and minutes that are too few', async () => {
    const { events } = await run({ ...experiment, training: { epochs: 3000, batchSize: 50, maxMinutes: 0.0005 } });
    const told = events.flatMap((event) => (event.kind === 'phase' && event.phase === 'trials' ? [event.message] : []));
    assert.match(told.join('\n'), /the minutes given leave too little time to try others/);
  });

  it('is enough steps for few rows, ended early, with a rate that comes down', async () => {
    const { result, events } = await run({
      teacher: null,
      dataset: { path: smallDigits(), limit: 100 },
      student: { architecture: 'mlp', hidden: [8] },
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const steps = events.flatMap((event) => (event.kind === 'epoch' ? [event.step] : []));
    assert.ok((steps.at(-1) ?? 0) >= 600, `${steps.at(-1)} steps`);
    assert.ok(result.report.student.endedBy === 'patience' || (steps.at(-1) ?? 0) >= 3000);
    const said = events.flatMap((event) => (event.kind === 'phase' ? [event.message] : []));
    assert.ok(
      said.some((message) => message.includes('decided from the data: at most')),
      said.join('\n'),
    );
  });
  it('is its own baseline where the labels alone taught it, not trained twice', async () => {
    const { result, events, folder } = await run({
      ...experiment,
      teacher: { ...experiment.teacher, training: { epochs: 1 } },
      dataset: { ...experiment.dataset, limit: 100 },
      objective: [{ loss: 'labels' }],
      training: { epochs: 2, batchSize: 50 },
    });
    assert.equal(result.state, 'finished');
    assert.ok(!events.some((event) => event.kind === 'epoch' && event.network === 'baseline'));
    const [student, baseline] = await Promise.all(
      ['student', 'baseline'].map((name) => readFile(join(folder, `${name}.onnx`))),
    );
    assert.deepEqual(baseline, student);
    assert.deepEqual(result.report.baseline?.test, result.report.student.test);
  });

  it('is to end with the labels alone where teaching did harm, also when it was stopped then, and to say so', async () => {
    const harmed = {
      ...experiment,
      // It knows next to nothing, and the training is too short to find that out by trials.
      teacher: { ...experiment.teacher, training: { epochs: 1, learningRate: 1e-6 } },
      training: { epochs: 8, batchSize: 50, learningRate: 0.01 },
      repeats: 2,
    } as const;
    const stopped = await run(harmed, (event, controller) => {
      if (event.kind === 'phase' && event.message.includes('ends with the latter')) controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const { folder } = stopped;
    const { state, report } = await resumeRun({
      folder,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    assert.equal(state, 'finished');
    const { choice, advice, student, baseline, gain, seeds } = report;
    assert.deepEqual([choice?.reason, choice?.chosen], ['taught-no-better', 'labels × 1']);
    assert.match(choice?.givenUp?.objective ?? '', /^kd/);
    // What such a teacher is not sure of, its student is not either.
    assert.ok((choice?.givenUp?.taught.loss ?? 0) > 2 * (choice?.givenUp?.alone.loss ?? Infinity));
    assert.deepEqual([gain, student.test], [0, baseline?.test]);
    const [file, other] = await Promise.all(
      ['student', 'baseline'].map((name) => readFile(join(folder, `${name}.onnx`))),
    );
    assert.deepEqual(file, other);
    // Further seeds end with the better of both as well.
    assert.deepEqual(
      seeds.map((seed) => seed.student),
      seeds.map((seed) => seed.baseline),
    );
    assert.ok(advice.some(({ kind }) => kind === 'taught-no-better' || kind === 'teacher-no-better'));
    assert.match(await readFile(join(folder, 'report.html'), 'utf8'), /so the run ended with the latter/);
  });
});
