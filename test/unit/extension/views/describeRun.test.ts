import assert from 'node:assert/strict';
import { describeRun, relativeTime } from '../../../../src/extension/views/describeRun.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';

const startedAt = '2026-01-02T03:00:00.000Z';
const now = Date.parse(startedAt) + 5 * 60_000;
const options = {
  now,
  locale: 'en',
  isResumable: false,
  hasStudent: true,
  hasReport: true,
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
    assert.equal(run.description, 'student 98.50 % · teacher 99.21 %');
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
      { ...options, hasStudent: false, hasReport: false },
    );
    assert.match(run.description, /^42 % · student/);
    assert.match(run.accessibleLabel, /, Running, 42 %, student/);
    assert.equal(run.icon.name, 'loading~spin');
    assert.equal(run.context, 'run.running');
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
  });
});
