import assert from 'node:assert/strict';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInteger,
  formatTrainingDevice,
  formatLoss,
  formatMilliseconds,
  formatPercent,
  formatRatio,
  formatRoughly,
  writerOfMilliseconds,
} from '../../../src/report/format.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const cases: readonly [name: string, format: (value: number) => string, expected: readonly [number, string][]][] = [
  [
    'formatRoughly',
    formatRoughly,
    [
      [0.2, '1 s'],
      [17, '15 s'],
      [84, '80 s'],
      [200, '3 min'],
      [636, '10 min'],
      [5_700, '2 h'],
    ],
  ],
  [
    'formatCount',
    formatCount,
    [
      [0, '0'],
      [7, '7'],
      [999, '999'],
      [1000, '1.00 k'],
      [12_350, '12.3 k'],
      [123_456, '123 k'],
      [999_499, '999 k'],
      [999_500, '1.00 M'],
      [1_240_000, '1.24 M'],
      [9_999_000, '10.0 M'],
      [25_557_032, '25.6 M'],
      [4_089_184_256, '4.09 G'],
      [5e15, '5000 T'],
    ],
  ],
  [
    'formatBytes',
    formatBytes,
    [
      [0, '0 B'],
      [512, '512 B'],
      [1000, '1.0 kB'],
      [9_940_000, '9.9 MB'],
      [99_940, '99.9 kB'],
      [99_960, '100 kB'],
      [123_600_000, '124 MB'],
      [999_600, '1.0 MB'],
    ],
  ],
  [
    'formatMilliseconds',
    formatMilliseconds,
    [
      [0, '0 ms'],
      [0.0042, '4.2 µs'],
      [0.0123, '12.3 µs'],
      [0.21, '0.21 ms'],
      [9.949, '9.95 ms'],
      [12.46, '12.5 ms'],
      [1204, '1.20 s'],
    ],
  ],
  [
    'formatPercent',
    formatPercent,
    [
      [0.9921, '99.21 %'],
      [1, '100.00 %'],
      [0, '0.00 %'],
    ],
  ],
  [
    'formatRatio',
    formatRatio,
    [
      [4.94, '4.9×'],
      [1, '1.0×'],
      [0.83, '0.83×'],
      [0.999, '1.0×'],
      [9.96, '10×'],
      [1234.5, '1,235×'],
    ],
  ],
  [
    'formatLoss',
    formatLoss,
    [
      [2.302585, '2.303'],
      [0.027812, '0.02781'],
      [0, '0'],
      [9.99996, '10.00'],
      [0.00001234, '1.23e−5'],
      [-0.5, '−0.5000'],
      [NaN, 'not a number'],
      [Infinity, '∞'],
    ],
  ],
  [
    'formatInteger',
    formatInteger,
    [
      [10_000, '10,000'],
      [999, '999'],
    ],
  ],
  [
    'formatDuration',
    formatDuration,
    [
      [0.84, '0.8 s'],
      [42.4, '42 s'],
      [59.7, '1 min 00 s'],
      [185, '3 min 05 s'],
      [3599.6, '1 h 00 min'],
      [3725, '1 h 02 min'],
      [Infinity, '?'],
    ],
  ],
];

describe('format', () => {
  for (const [name, format, expected] of cases) {
    describe(name, () => {
      for (const [value, text] of expected) {
        it(`writes ${value} as ${text}`, () => {
          assert.equal(format(value), text);
        });
      }
    });
  }

  it('writes times that stand beside each other in one unit', () => {
    const together = (...times: readonly number[]): readonly string[] => times.map(writerOfMilliseconds(times));
    assert.deepEqual(together(0.0095, 0.0102, 0.0123), ['9.5 µs', '10.2 µs', '12.3 µs']);
    assert.deepEqual(together(0.0095, 0.0102, 0.21), ['0.0095 ms', '0.010 ms', '0.21 ms']);
    assert.deepEqual(together(9.949, 12.46, 1204), ['9.95 ms', '12.5 ms', '1,204 ms']);
    assert.deepEqual(together(1204, 2000), ['1.20 s', '2.00 s']);
  });

  it('names the precision of a training where it was asked for', () => {
    const on = (wanted: string, used: string) =>
      formatTrainingDevice({ ...sampleReport.device, precision: { wanted, used } });
    assert.equal(on('float32', 'float32'), 'cpu');
    assert.equal(on('bfloat16', 'bfloat16'), 'cpu, bfloat16');
    assert.equal(on('bfloat16', 'float32'), 'cpu, float32');
    assert.equal(formatTrainingDevice({ ...sampleReport.device, precision: null }), 'cpu');
  });
});
