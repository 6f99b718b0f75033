import assert from 'node:assert/strict';
import { describeFacts } from '../../../../src/extension/language/describeFacts.ts';
import { describeLastRun } from '../../../../src/extension/language/describeLastRun.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';
import type { ExperimentFacts } from '../../../../src/protocol/experimentFacts.ts';
import { english as inEnglish } from '../../../../src/experiment/words.ts';

const status: RunStatus = { id: 'a', name: 'a', state: 'finished', startedAt: '2026-01-02T03:00:00.000Z', progress: 1 };

describe('the last run of an experiment in a few words', () => {
  for (const [told, words] of [
    [{ accuracy: 0.971 }, 'Last run: 97.10 %'],
    [{ loss: 0.25 }, 'Last run: loss 0.2500'],
    [{ state: 'running', progress: 0.43 }, 'Running: 43 %'],
    [{ state: 'failed' }, 'Last run: Failed'],
    [{ state: 'cancelled', accuracy: 0.5 }, 'Last run: Stopped, 50.00 %'],
  ] as const) {
    it(`is “${words}”`, () => {
      assert.equal(describeLastRun({ ...status, ...told }, inEnglish), words);
    });
  }
});

describe('what was found out about an experiment', () => {
  const facts: ExperimentFacts = {
    teacher: {
      takes: [784],
      gives: [10],
      parameters: 535_818,
      macs: 535_000,
      bytes: 1,
      opset: 17,
      notes: ['Right.'],
      warnings: [],
    },
    data: {
      format: 'IDX',
      task: 'classification',
      samples: 'images',
      training: 54_000,
      validation: 6000,
      test: 10_000,
      classes: Array.from({ length: 25 }, (_, index) => `c${index}`),
      counts: Array.from({ length: 25 }, (_, index) => 1000 + index),
      findings: [{ severity: 'warning', where: 'dataset.path', sentence: 'Two samples are alike.' }],
      columns: [],
      examples: [],
    },
    student: { takes: [784], gives: [10], parameters: 9000, macs: 8000 },
    foreseen: null,
  };

  it('is told at the parts of the file that it is about', () => {
    const [data = ''] = describeFacts(facts, ['dataset', 'path'], inEnglish);
    assert.match(data, /^IDX · classification · 54,000 training, 6,000 validation, 10,000 test/);
    assert.match(data, /`c0` 1,000, `c1` 1,001,.*… \(\+5\)/);
    assert.match(data, /Two samples are alike\.$/);
    assert.match(describeFacts(facts, ['teacher', 'model'], inEnglish).join(), /^536 k parameters, .* MACs\n\nRight\./);
    assert.match(describeFacts(facts, ['student'], inEnglish).join(), /^9\.00 k parameters/);
  });

  it('is not told elsewhere', () => {
    for (const path of [[], ['training'], ['dataset', 'test'], ['teacher', 'output']] as const) {
      assert.deepEqual(describeFacts(facts, path, inEnglish), []);
    }
  });
});
