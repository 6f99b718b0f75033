import assert from 'node:assert/strict';
import {
  describeRequirement,
  judgeStudent,
  requirementsIn,
} from '../../../../src/extension/requirements/requirementVerdict.ts';
import { sampleReport } from '../../../support/sampleReport.ts';
import { english as inEnglish } from '../../../../src/experiment/words.ts';

const TEXT = `{
  "teacher": null,
  // the bar
  "require": {
    "bytes": 100000,
    "accuracy": 0.999
  }
}`;

describe('what an experiment file requires of its student', () => {
  it('are figures with the lines that say so', () => {
    assert.deepEqual(requirementsIn(TEXT), [
      { figure: 'accuracy', required: 0.999, line: 6 },
      { figure: 'bytes', required: 100_000, line: 5 },
    ]);
    assert.deepEqual(requirementsIn('{ "require": { "accuracy": "high" } }'), []);
    assert.deepEqual(requirementsIn(''), []);
  });

  it('is told in a few words', () => {
    assert.deepEqual(requirementsIn(TEXT).map(describeRequirement), ['accuracy ≥ 99.90 %', 'bytes ≤ 100,000']);
  });

  it('is held against the student of a report', () => {
    const { student, ...others } = sampleReport;
    const report = {
      ...others,
      student: { ...student, bytes: 90_000, test: { ...student.test, accuracy: 0.97 } },
    };
    assert.deepEqual(judgeStudent(report, requirementsIn(TEXT), inEnglish), [
      { figure: 'accuracy', found: '97.00 %', shortfall: { expected: '≥ 99.90 %', actual: '97.00 %' } },
      { figure: 'bytes', found: '90,000', shortfall: undefined },
    ]);
  });
});
