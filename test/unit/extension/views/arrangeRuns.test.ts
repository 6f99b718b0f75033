import assert from 'node:assert/strict';
import { arrangeRuns, matching, type Arrangement } from '../../../../src/extension/views/arrangeRuns.ts';
import type { StoredRun } from '../../../../src/launching/readRun.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';
import type { RunMarks } from '../../../../src/runFolder/runMarks.ts';

function run(id: string, status: Partial<RunStatus> = {}, marks: RunMarks = {}, sizeRatio?: number): StoredRun {
  return {
    folder: `/runs/${id}`,
    status: { id, name: 'x', state: 'finished', startedAt: '2026-01-01T00:00:00.000Z', progress: 1, ...status },
    details: {
      marks,
      isResumable: false,
      hasStudent: true,
      hasReport: true,
      models: [],
      ...(sizeRatio !== undefined && { sizeRatio }),
    },
  };
}

const runs = [
  run('d', { name: 'y', accuracy: 0.9 }, { starred: true }, 2),
  run('c', { state: 'failed' }, { note: 'Too little data' }),
  run('b', { accuracy: 0.95 }, { name: 'the good one' }, 1.5),
  run('a', { state: 'running', device: 'cuda', accuracy: 0.5 }, {}, 9),
];

const usual: Arrangement = { sorting: 'newest', grouping: 'none', search: '' };

function idsIn(arrangement: Partial<Arrangement>): readonly string[] {
  return arrangeRuns(runs, { ...usual, ...arrangement }).map(({ runs: of }) =>
    of.map(({ status }) => status.id).join(''),
  );
}

describe('arrangeRuns', () => {
  it('sorts by time, quality, compression and name; what is not known comes last', () => {
    assert.deepEqual(idsIn({}), ['dcba']);
    assert.deepEqual(idsIn({ sorting: 'oldest' }), ['abcd']);
    assert.deepEqual(idsIn({ sorting: 'quality' }), ['bdac']);
    assert.deepEqual(idsIn({ sorting: 'ratio' }), ['adbc']);
    assert.deepEqual(idsIn({ sorting: 'name' }), ['bcad']);
  });

  it('groups by experiment, state and star', () => {
    assert.deepEqual(idsIn({ grouping: 'experiment' }), ['d', 'cba']);
    assert.deepEqual(idsIn({ grouping: 'state' }), ['a', 'db', 'c']);
    assert.deepEqual(idsIn({ grouping: 'star' }), ['d', 'cba']);
  });

  it('finds runs by every word in name, note, state and device, and by their star', () => {
    const found = (search: string): string =>
      matching(runs, search)
        .map(({ status }) => status.id)
        .join('');
    assert.equal(found('GOOD one'), 'b');
    assert.equal(found('little failed'), 'c');
    assert.equal(found('cuda'), 'a');
    assert.equal(found('*'), 'd');
    assert.equal(found('good cuda'), '');
    assert.deepEqual(idsIn({ search: 'nothing has this', grouping: 'experiment' }), []);
  });

  it('arranges ten thousand runs without looking at each more often than sorting needs', () => {
    let looks = 0;
    const many = Array.from({ length: 10_000 }, (_, index) => {
      const stored = run(String(index), { accuracy: (index * 7919) % 1000 });
      return {
        ...stored,
        get details() {
          looks++;
          return stored.details;
        },
      };
    });
    arrangeRuns(many, { ...usual, sorting: 'ratio', grouping: 'experiment' });
    assert.ok(looks <= 20_000, `${looks} looks`);
  });
});
