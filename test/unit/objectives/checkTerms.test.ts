import assert from 'node:assert/strict';
import { checkTerms, costlyTerms, type TaskKind, type TermContext } from '../../../src/objectives/checkTerms.ts';
import type { ObjectiveTerm } from '../../../src/objectives/objectiveTerm.ts';
import { usualTerms } from './losses/terms.ts';

const context: TermContext = { task: 'classification', classes: 10, batchSize: 64, teachers: 1 };

function problemsOf(term: ObjectiveTerm, changed: Partial<TermContext> = {}): string[] {
  return checkTerms([term], { ...context, ...changed }).map(({ where, message }) => `${where}: ${message}`);
}

describe('check of an objective', () => {
  const everywhere = ['hint', 'cosine', 'channel-wise', 'contrastive', 'queue-similarity', 'attention-transfer'];
  const fitting: Readonly<Record<TaskKind, readonly string[]>> = {
    classification: [
      ...['kd', 'soft-cross-entropy', 'logit-mse', 'probability-mse', 'hard-teacher-labels', 'labels', 'dkd', 'dist'],
      ...[...everywhere, 'rkd'],
    ],
    'token-classification': [
      ...['kd', 'soft-cross-entropy', 'logit-mse', 'probability-mse', 'hard-teacher-labels', 'labels', 'dkd'],
      ...everywhere,
    ],
    'multi-label': ['logit-mse', 'binary-labels', 'binary-kd', ...everywhere, 'rkd'],
    regression: ['mse', 'teacher-mse', ...everywhere, 'rkd'],
    reconstruction: ['mse', 'teacher-mse', ...everywhere, 'rkd'],
    matching: ['teacher-mse', ...everywhere, 'rkd'],
  };
  for (const task of Object.keys(fitting) as TaskKind[]) {
    it(`passes the losses for ${task} and refuses all others`, () => {
      const passed = Object.values(usualTerms).filter((term) => problemsOf(term, { task }).length === 0);
      assert.deepEqual(passed.map(({ loss }) => loss).sort(), [...fitting[task]].sort());
    });
  }

  it('says what a loss is for and what to use instead', () => {
    assert.deepEqual(checkTerms([usualTerms.labels, usualTerms.mse], context), [
      {
        where: 'objective[1].loss',
        message: "The loss 'mse' is for regression and reconstruction, and the task is classification.",
        hint: 'Use `labels` and `kd`, `dkd` or `dist`.',
      },
    ]);
  });

  it('refuses a comparison with a teacher when there is none', () => {
    assert.deepEqual(problemsOf(usualTerms.kd, { teachers: 0 }), [
      "objective[0].loss: The loss 'kd' compares the student with a teacher, and there is none.",
    ]);
    assert.deepEqual(problemsOf(usualTerms.labels, { teachers: 0 }), []);
  });

  it('refuses divergences from one class alone, and weights that are not as many as the classes', () => {
    const hard = { ...usualTerms.kd, target: 'hard' } as const;
    assert.match(problemsOf({ ...hard, divergence: 'reverse' }).join(), /^objective\[0\]\.divergence: .*infinite/);
    assert.deepEqual(problemsOf({ ...hard, divergence: 'forward' }), []);
    assert.deepEqual(problemsOf({ ...usualTerms.kd, divergence: 'jensen-shannon' }), []);
    const weighted = { ...usualTerms.labels, classWeights: { each: [1, 2] } } as const;
    assert.match(problemsOf(weighted, { classes: 3 }).join(), /classWeights: There are 2 weights for 3 classes/);
    const without = { ...usualTerms.labels, classWeights: { each: [0, 0, 0] } } as const;
    assert.match(problemsOf(without, { classes: 3 }).join(), /classWeights: The weights of all classes are 0/);
    assert.deepEqual(problemsOf(weighted, { classes: 2 }), []);
  });

  it('refuses what a soft decision tree cannot learn with', () => {
    const softTree = { softTree: true };
    assert.match(problemsOf({ ...usualTerms.labels, focal: 2 }, softTree).join(), /\.focal: A soft decision tree/);
    assert.match(problemsOf({ ...usualTerms.kd, divergence: 'reverse' }, softTree).join(), /\.divergence: /);
    assert.deepEqual(problemsOf(usualTerms.labels, softTree), []);
  });

  it('compares features of different widths only after a learned map', () => {
    const features = new Map([
      ['student:feature', ['batch', 6, 7, 7]],
      ['teacher:feature', ['batch', 32, 7, 7]],
    ]);
    for (const loss of ['cosine', 'channel-wise'] as const) {
      assert.match(problemsOf(usualTerms[loss], { features }).join(), /6.*32|32.*6/);
      assert.match(checkTerms([usualTerms[loss]], { ...context, features })[0]?.hint ?? '', /`project`/);
      assert.deepEqual(problemsOf({ ...usualTerms[loss], project: true }, { features }), []);
    }
    const vectors = new Map([...features.keys()].map((name) => [name, ['batch', 6]]));
    assert.match(problemsOf(usualTerms['channel-wise'], { features: vectors }).join(), /compares maps/);
  });

  it('refuses DKD with two classes', () => {
    assert.match(problemsOf(usualTerms.dkd, { classes: 2 }).join(), /of 2 classes there is only one/);
    assert.deepEqual(problemsOf(usualTerms.dkd, { classes: 3 }), []);
  });

  it('refuses batches that are too small for a relation', () => {
    assert.match(
      problemsOf(usualTerms.dist, { batchSize: 1 }).join(),
      /^training.batchSize: .*batch of 1 is too small/,
    );
    assert.deepEqual(problemsOf({ ...usualTerms.dist, gamma: 0 }, { batchSize: 1 }), []);
    assert.equal(problemsOf(usualTerms.contrastive, { batchSize: 1 }).length, 1);
    assert.deepEqual(problemsOf({ ...usualTerms.contrastive, queue: 8 }, { batchSize: 1 }), []);
    assert.equal(problemsOf(usualTerms.rkd, { batchSize: 2 }).length, 1);
    assert.deepEqual(problemsOf(usualTerms.rkd, { batchSize: 3 }), []);
  });

  it('refuses a queue of negatives that often holds the sample itself, which does no harm where samples are only compared', () => {
    const queued = { ...usualTerms.contrastive, queue: 400 };
    const sizes = { batchSize: 64, samples: 460 };
    assert.deepEqual(checkTerms([queued], { ...context, ...sizes }), [
      {
        where: 'objective[0].queue',
        message:
          'A queue of 400 features often holds the very sample that is to be told from it: there are 460 training samples, in batches of 64.',
        hint: "Take a `queue` of at most 115, or the loss 'queue-similarity'.",
      },
    ]);
    assert.deepEqual(problemsOf({ ...queued, queue: 396 }, sizes), []);
    assert.deepEqual(problemsOf(usualTerms.contrastive, sizes), []);
    assert.deepEqual(problemsOf({ ...usualTerms['queue-similarity'], queue: 4000 }, sizes), []);
  });

  it('refuses a bound where there are no labels', () => {
    const bounded = { ...usualTerms['teacher-mse'], bounded: { margin: 0 } };
    assert.match(problemsOf(bounded, { task: 'matching' }).join(), /^objective\[0\]\.bounded: /);
    assert.deepEqual(problemsOf(bounded, { task: 'regression' }), []);
  });

  it('refuses an objective whose weights are all 0, but not one whose weight rises', () => {
    assert.match(problemsOf({ ...usualTerms.labels, weight: 0 }).join(), /^objective: The weights of all terms are 0/);
    assert.deepEqual(problemsOf({ ...usualTerms.labels, weight: { from: 0, to: 1, until: 0.1 } }), []);
  });

  describe('of features', () => {
    const features = (student: (number | string)[], teacher: (number | string)[]): Partial<TermContext> => ({
      features: new Map([
        ['student:feature', student],
        ['teacher:feature', teacher],
      ]),
    });
    const map = ['N', 16, 8, 8];

    it('names those that are missing, with the path in the file', () => {
      const pairs = [
        { student: 'feature', teacher: 'feature' },
        { student: 'relu9', teacher: 'gone' },
      ];
      const term = { ...usualTerms['attention-transfer'], pairs };
      assert.deepEqual(problemsOf(term, features(map, map)), [
        "objective[0].pairs[1].student: The student has no value named 'relu9'.",
        "objective[0].pairs[1].teacher: The teacher has no value named 'gone'.",
      ]);
      const rkd = { ...usualTerms.rkd, features: { student: 'relu9', teacher: 'feature' } };
      assert.deepEqual(problemsOf(rkd, features(map, map)), [
        "objective[0].features.student: The student has no value named 'relu9'.",
      ]);
    });

    it('lets a hint differ in channels only', () => {
      assert.deepEqual(problemsOf(usualTerms.hint, features(map, ['batch', 64, 8, 8])), []);
      assert.match(problemsOf(usualTerms.hint, features(map, ['N', 64, 4, 4])).join(), /only the number of channels/);
      assert.match(problemsOf(usualTerms.hint, features(map, ['N', 64])).join(), /of the same kind/);
    });

    it('wants maps for attention transfer, of any size', () => {
      assert.deepEqual(problemsOf(usualTerms['attention-transfer'], features(map, ['N', 64, 4, 4])), []);
      assert.match(problemsOf(usualTerms['attention-transfer'], features(map, ['N', 64])).join(), /have to be maps/);
    });

    it('wants queues that fit in memory, whatever form the features have', () => {
      for (const loss of ['contrastive', 'queue-similarity'] as const) {
        const term = { ...usualTerms[loss], queue: 65_536 };
        assert.deepEqual(problemsOf(term, features(map, ['N', 2048, 7, 7])), []);
        const [problem] = checkTerms([term], { ...context, ...features(map, ['N', 'length', 4096]) });
        assert.equal(
          problem?.message,
          "'feature' and 'feature': a queue of 65536 features of 4096 numbers would hold 268435456, and 134217728 is the most.",
        );
        assert.equal(problem.hint, 'Take a `queue` of at most 32768, or a narrower value of the teacher.');
      }
    });

    it('wants the same shape for cosine, and anything that makes vectors for contrastive', () => {
      assert.deepEqual(problemsOf(usualTerms.cosine, features(['N', 'length', 8], ['N', 128, 8])), []);
      assert.match(problemsOf(usualTerms.cosine, features(['N', 4], ['N', 8])).join(), /of the same shape/);
      assert.deepEqual(problemsOf(usualTerms.contrastive, features(map, ['N', 64])), []);
      assert.match(problemsOf(usualTerms.contrastive, features(map, [64])).join(), /have to be vectors/);
      assert.match(problemsOf(usualTerms['queue-similarity'], features(map, [64])).join(), /have to be vectors/);
    });
  });
});

describe('cost of an objective', () => {
  it('warns of the angles of large batches', () => {
    const [warning] = costlyTerms([usualTerms.rkd], { ...context, batchSize: 512 });
    assert.equal(warning?.where, 'objective[0].angle');
    assert.deepEqual(costlyTerms([{ ...usualTerms.rkd, angle: 0 }], { ...context, batchSize: 512 }), []);
    assert.deepEqual(costlyTerms([usualTerms.rkd], { ...context, batchSize: 256 }), []);
  });

  it('warns of the pairwise differences of large features', () => {
    const term = { ...usualTerms.rkd, features: { student: 'feature', teacher: 'feature' } };
    const sized = (channels: number) =>
      costlyTerms([term], { ...context, features: new Map([['student:feature', ['N', channels, 32, 32]]]) });
    assert.match(sized(64)[0]?.message ?? '', /64² × 65536 numbers/);
    assert.deepEqual(sized(16), []);
  });
});
