import assert from 'node:assert/strict';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import type { Prepared } from '../../../../src/preflight/prepared.ts';
import { teacherKnowsMore } from '../../../../src/run/stages/guardStage.ts';

function knowsMore(dataset: object, count: number, teachers?: Prepared['teachers']): boolean {
  const experiment = parseExperiment({
    teacher: { architecture: 'mlp', hidden: [8] },
    dataset: { path: 'rows.csv', ...dataset },
    student: { architecture: 'mlp', hidden: [4] },
  });
  return teacherKnowsMore(experiment, { teachers, dataset: { training: { count } } });
}

describe('a teacher knows more than the labels of the student', () => {
  it('where it was trained elsewhere, on more samples, or tells of samples without labels', () => {
    assert.ok(knowsMore({}, 500, { members: [] }));
    assert.ok(knowsMore({ limit: 200 }, 200));
    assert.ok(knowsMore({ unlabelled: 'more.csv' }, 700));
  });

  it('but not where it is trained on the same ones, or tells of rows that were made of them', () => {
    assert.ok(!knowsMore({}, 500));
    assert.ok(!knowsMore({ limit: 600 }, 500), 'a limit that leaves the student everything');
    assert.ok(!knowsMore({ synthesize: { rows: 2000 } }, 500));
  });
});
