import assert from 'node:assert/strict';
import { brokenLimits } from '../../../src/search/trials/limits.ts';

describe('limits of a search', () => {
  it('say what a student has and what is allowed, so that the two can be told apart', () => {
    const figures = { parameters: 3970, macs: 3970, bytes: 1_000_040, latencyMs: 0.0102 };
    const limits = { parameters: 3969, macs: 3000, bytes: 1_000_000, latencyMs: 0.0095 };
    assert.deepEqual(
      brokenLimits(limits, figures).map(({ where, message }) => `${where}: ${message}`),
      [
        'search.limits.parameters: The student has 3,970 parameters, more than the 3,969 that are allowed.',
        'search.limits.macs: The student takes 3,970 multiply-accumulate operations for a sample, more than the 3,000 that are allowed.',
        "search.limits.bytes: The student's file has 1,000,040 bytes, more than the 1,000,000 that are allowed.",
        'search.limits.latencyMs: The student takes 10.2 µs for a sample, longer than the 9.5 µs that are allowed.',
      ],
    );
  });

  it('are not broken by what is just allowed or was not measured', () => {
    const figures = { parameters: 10, macs: 20, bytes: 30, latencyMs: null };
    assert.deepEqual(brokenLimits({ parameters: 10, macs: 20, bytes: 30, latencyMs: 1 }, figures), []);
  });
});
