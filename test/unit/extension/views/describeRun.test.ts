import assert from 'node:assert/strict';
import { describeRun, relativeTime } from '../../../../src/extension/views/describeRun.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';

const startedAt = '2026-01-02T03:00:00.000Z';
const now = Date.parse(startedAt) + 5 * 60_000;
const options = {
  now,
  locale: 'en',
  details: { marks: {}, isResumable: false, hasStudent: true, hasReport: true },
  isSilent: false,
  isInExperiment: true,
  translate: (text: string, ...values: (string | number | boolean)[]) => text.replace('{0}', String(values[0])),
};
const finished: RunStatus = {
  id: 'a',
  name: 'a',
  state: 'finished',
  startedAt,
  endedAt: '2026-01-02T03:02:05.000Z',
  progress: 1,
  accuracy: 0.985,
  teacherAccuracy: 0.9921,
};

describe('describeRun', () => {
  it('shows a finished run by its accuracies', () => {
    const run = describeRun(finished, options);
    assert.equal(run.label, '5 minutes ago');
    assert.equal(run.description, '98.50 % · teacher 99.21 %');
    assert.equal(run.accessibleLabel, '5 minutes ago, Finished, student 98.50 %, teacher 99.21 %');
    assert.equal(run.context, 'run.finished.student.report');
    assert.match(run.tooltip, /Duration: 2 min 05 s/);
  });

  it('shows losses where the task has no accuracy', () => {
    const status: RunStatus = { id: 'a', name: 'a', state: 'finished', startedAt, progress: 1 };
    const run = describeRun({ ...status, loss: 0.0321, teacherLoss: 0.01 }, options);
    assert.equal(run.description, 'student: loss 0.03210 · teacher: loss 0.01000');
  });

  it('shows a running run by its progress, with a spinning icon', () => {
    const run = describeRun(
      { ...finished, state: 'running', progress: 0.42 },
      { ...options, details: { ...options.details, hasStudent: false, hasReport: false } },
    );
    assert.match(run.description, /^42 % · student/);
    assert.match(run.accessibleLabel, /, Running, 42 %, student/);
    assert.equal(run.icon.name, 'loading~spin');
    assert.equal(run.context, 'run.running');
  });

  it('tells a run that waits from one that goes on, and one without a sign of life from both', () => {
    const paused = { ...finished, state: 'running', progress: 0.42, paused: true } as const;
    const run = describeRun(paused, options);
    assert.equal(run.icon.name, 'debug-pause');
    assert.match(run.description, /^Paused · 42 %/);
    assert.equal(run.context, 'run.running.student.report');
    const silent = { ...options, isSilent: true };
    assert.equal(describeRun({ ...finished, state: 'running' }, silent).icon.name, 'warning');
    // What is over waits no more, whatever its status was when it died.
    assert.equal(describeRun({ ...paused, state: 'interrupted' }, options).icon.name, 'debug-disconnect');
  });

  it('is called what a person called it, with its star, its note and how much smaller the student is', () => {
    const marks = { name: 'the good one', starred: true, note: 'lr *2' };
    const details = { ...options.details, marks, sizeRatio: 4.9 };
    const run = describeRun(finished, { ...options, details });
    assert.equal(run.label, 'the good one');
    assert.equal(run.description, '★ · 98.50 % · 4.9× smaller · teacher 99.21 % · 5 minutes ago');
    assert.match(run.accessibleLabel, /^the good one, Starred, 5 minutes ago, Finished, /);
    assert.equal(run.context, 'run.finished.starred.student.report');
    assert.match(run.tooltip, /\$\(note\) lr \\\*2/);
  });

  it('is called like its experiment where it stands elsewhere', () => {
    const run = describeRun(finished, { ...options, isInExperiment: false });
    assert.equal(run.label, 'a');
    assert.match(run.description, / · 5 minutes ago$/);
  });

  it('tells that a run gives no sign of life', () => {
    const run = describeRun({ ...finished, state: 'running', progress: 0.42 }, { ...options, isSilent: true });
    assert.match(run.description, /^No sign of life for a minute · 42 %/);
    assert.equal(run.icon.name, 'warning');
  });

  it('shows a run that a cluster has not begun as waiting, with the reason in its words', () => {
    const queue = { engine: 'slurm', job: '7', state: 'PENDING', reason: 'Resources' } as const;
    const run = describeRun({ id: 'a', name: 'a', state: 'running', startedAt, progress: 0, queue }, options);
    assert.equal(run.description, 'Waits for its turn');
    assert.match(run.tooltip, /Slurm 7: PENDING \\\(Resources\\\)/);
  });

  it('shows why a run failed, and what people wrote as it is', () => {
    const run = describeRun(
      { ...finished, name: 'a*b', state: 'failed', problems: [{ where: 'x', message: 'loss [NaN]' }] },
      options,
    );
    assert.match(run.description, /^Failed/);
    assert.match(run.tooltip, /\*\*a\\\*b\*\*/);
    assert.match(run.tooltip, /loss \\\[NaN\\\]/);
  });
});

describe('relativeTime', () => {
  it('uses the largest unit that fits, in the language asked for', () => {
    const before = (seconds: number) => relativeTime(now - seconds * 1000, now, 'en');
    assert.deepEqual([5, 61, 3600, 86_400, 3 * 86_400].map(before), [
      'now',
      '1 minute ago',
      '1 hour ago',
      'yesterday',
      '3 days ago',
    ]);
    assert.equal(relativeTime(now - 120_000, now, 'zh-cn'), '2分钟前');
    // Nobody counts 299 days.
    assert.match(before(299 * 86_400), /^[A-Z][a-z]{2} \d+, \d{4}$/);
  });
});
