import assert from 'node:assert/strict';
import { plannedStages, RunStages } from '../../../../src/extension/runs/plannedStages.ts';
import type { Phase, RunEvent } from '../../../../src/protocol/events.ts';

const phase = (name: Phase): RunEvent => ({ kind: 'phase', phase: name, message: '' });

function stagesOf(events: readonly RunEvent[], experiment: unknown): Record<string, string> {
  const stages = new RunStages();
  for (const event of events) stages.add(event);
  return Object.fromEntries(stages.of(plannedStages(experiment)).map(({ phase: name, state }) => [name, state]));
}

describe('the stages of a run', () => {
  it('are those that its experiment asks for', () => {
    assert.deepEqual(plannedStages({ teacher: { model: 't.onnx' } }), [
      'dataset',
      'teacher-outputs',
      'trials',
      'student',
      'evaluation',
      'baseline',
      'report',
    ]);
    assert.deepEqual(plannedStages({ teacher: { architecture: 'mlp' }, baseline: false, repeats: 3 }), [
      'dataset',
      'train-teacher',
      'teacher-outputs',
      'trials',
      'student',
      'evaluation',
      'repeats',
      'report',
    ]);
    const named = plannedStages({ teacher: { model: 't.onnx' }, objective: [{ loss: 'kd' }] });
    assert.ok(!named.includes('trials'), 'nothing is tried where losses are named');
    const open = { teacher: { model: 't.onnx' }, student: { architecture: 'mlp' } };
    assert.deepEqual(plannedStages(open).slice(0, 3), ['dataset', 'first-steps', 'teacher-outputs']);
    assert.ok(!plannedStages({ ...open, training: { epochs: 10 } }).includes('first-steps'), 'the file decides');
    assert.deepEqual(plannedStages(undefined), ['dataset', 'student', 'evaluation', 'report'], 'without a teacher');
  });

  it('are over when a later one was reached, told or not', () => {
    assert.deepEqual(stagesOf([phase('preflight'), phase('student')], { teacher: { model: 't.onnx' } }), {
      dataset: 'done',
      'teacher-outputs': 'done',
      trials: 'done',
      student: 'now',
      evaluation: 'to come',
      baseline: 'to come',
      report: 'to come',
    });
  });

  it('include one that nobody planned', () => {
    const stages = stagesOf([phase('student'), phase('baseline')], {});
    assert.equal(stages['baseline'], 'now');
    assert.equal(stages['student'], 'done');
  });

  it('begin anew with a run that does', () => {
    const started: RunEvent = {
      kind: 'started',
      id: 'a',
      name: 'a',
      folder: 'a',
      startedAt: '2026-01-02T03:04:05.000Z',
    };
    assert.equal(stagesOf([phase('report'), started], {})['student'], 'to come');
  });
});
