import assert from 'node:assert/strict';
import { distinct } from '../../../src/comparison/comparedRun.ts';

describe('the names of compared runs', () => {
  const one = 'runs/2026-11-29T17-35-45-kd';

  it('are those of the runs, with the time where several have the same', () => {
    assert.deepEqual(distinct(['kd', 'labels'], [one, 'runs/2026-11-29T18-00-00-labels']), ['kd', 'labels']);
    assert.deepEqual(
      distinct(['kd', 'kd', 'labels'], [one, 'runs/2026-11-29T18-00-00-kd', 'runs/2026-11-29T19-00-00-labels']),
      ['kd, 17:35:45', 'kd, 18:00:00', 'labels'],
    );
    assert.deepEqual(distinct(['kd', 'kd'], [one, 'runs/2026-11-30T18-00-00-kd']), [
      'kd, 2026-11-29 17:35:45',
      'kd, 2026-11-30 18:00:00',
    ]);
  });

  it('are those of folders where no time is known, and are never the same', () => {
    assert.deepEqual(distinct(['kd', 'kd'], ['runs/a', 'runs/b']), ['a', 'b']);
    assert.deepEqual(distinct(['kd', 'kd'], ['x/a', 'y/a']), ['x/a', 'y/a']);
    assert.deepEqual(new Set(distinct(['kd', 'kd'], [`x/${one}`, `y/${one}`])).size, 2);
  });
});
