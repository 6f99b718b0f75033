import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInputError } from '../../../../src/errors.ts';
import { ExperimentDescriber } from '../../../../src/preflight/inspection/experimentDescriber.ts';
import { listFeaturePairs } from '../../../../src/preflight/inspection/listFeaturePairs.ts';
import type { ExperimentFacts } from '../../../../src/protocol/experimentFacts.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const options = { baseDirectory: '.', signal: new AbortController().signal };
const dataset = { path: 'builtin:digits', limit: 200 };
const student = { architecture: 'mlp', hidden: [16] };
const teacher = { architecture: 'mlp', hidden: [32], training: { epochs: 1 } };

function describeOnce(value: unknown): Promise<ExperimentFacts> {
  return new ExperimentDescriber().describe(value, options);
}

describe('ExperimentDescriber', () => {
  it('tells what teacher, data and student are before anything is trained', async () => {
    const facts = await describeOnce({ teacher, dataset, student, objective: [{ loss: 'unknown' }] });
    // 784 × 32 + 32 + 32 × 10 + 10 and the same with 16.
    assert.equal(facts.teacher?.parameters, 25_450);
    assert.equal(facts.teacher.bytes, null, 'there is no file of it yet');
    assert.deepEqual(facts.student, { takes: [1, 28, 28], gives: [10], parameters: 12_730, macs: 12_704 });
    assert.equal(facts.data.training, 200);
    // The weights, and the sample twice at the most: as it is, and as one row.
    assert.equal(facts.foreseen?.memory, 4 * (12_730 + 784 + 784));
    const { seconds } = facts.foreseen;
    assert.ok(seconds && seconds.least < seconds.most);
    const [few, many] = await Promise.all(
      [2, 20_000].map((epochs) => describeOnce({ teacher, dataset, student, training: { epochs } })),
    );
    assert.ok((many?.foreseen?.seconds?.most ?? 0) > 10 * (few?.foreseen?.seconds?.most ?? 0), 'epochs do not count');
    // A limit in minutes holds for each training; the trials of objectives before them take a third of that more, at most.
    const limited = { epochs: 20_000, maxMinutes: 0.1 };
    const [tried, named] = await Promise.all(
      ['auto', [{ loss: 'kd' }]].map((objective) =>
        describeOnce({ teacher, dataset, student, objective, training: limited }),
      ),
    );
    const least = (each: ExperimentFacts | undefined): number => each?.foreseen?.seconds?.least ?? NaN;
    assert.ok(
      least(tried) > least(named) + 3 && least(tried) < 1.34 * least(named),
      `${least(tried)} s, ${least(named)} s`,
    );
    // One that has a training of its own takes no longer where the student's is; one that is asked at every step does.
    const large = { architecture: 'mlp', hidden: [2048, 2048] };
    const most = async (value: object): Promise<number> =>
      (await describeOnce({ dataset, student, training: { epochs: 500 }, baseline: false, ...value })).foreseen?.seconds
        ?.most ?? NaN;
    const [briefly, long, anew] = [
      await most({ teacher: { ...large, training: { epochs: 1 } } }),
      await most({ teacher: large }),
      await most({ teacher: { ...large, training: { epochs: 1 } }, augmentation: { shift: 2 } }),
    ];
    assert.ok(long > 10 * briefly && anew > 4 * briefly && anew < long, `${briefly} s, ${long} s, ${anew} s`);
    const others = await most({ teacher: { ...large, crossFit: 9 }, dataset: { path: dataset.path } });
    const alone = await most({ teacher: large, dataset: { path: dataset.path } });
    assert.ok(others > 5 * alone, `${alone} s, ${others} s with nine more teachers`);
    assert.deepEqual(
      facts.data.counts,
      Array.from({ length: 10 }, () => 20),
    );
  });

  it('foresees what losses on values inside the networks and others that may teach take', async () => {
    const wide = { architecture: 'mlp', hidden: [2048] };
    const [teaching, small] = [
      { ...wide, training: { epochs: 1 } },
      { architecture: 'mlp', hidden: [256] },
    ];
    const { pairs } = await listFeaturePairs({ teacher: teaching, dataset, student: small }, options);
    const [pair] = pairs;
    assert.ok(pair);
    const compared = { student: pair.student, teacher: pair.teacher };
    const secondsOf = async (value: object): Promise<{ readonly least: number; readonly most: number }> => {
      const { foreseen } = await describeOnce({ dataset, teacher: teaching, baseline: false, ...value });
      assert.ok(foreseen?.seconds);
      return foreseen.seconds;
    };
    const training = { epochs: 3000 };
    const taught = (loss: object): ReturnType<typeof secondsOf> =>
      secondsOf({ student: small, training, objective: [{ loss: 'kd' }, loss] });
    const [labels, hint, relations] = [
      await taught({ loss: 'labels' }),
      await taught({ loss: 'hint', ...compared }),
      await taught({ loss: 'rkd', features: compared }),
    ];
    assert.ok(hint.most > 1.5 * labels.most, `a regressor of 256 × 2048: ${hint.most} s, ${labels.most} s`);
    assert.ok(relations.most > 3 * labels.most, `angles of all triplets: ${relations.most} s, ${labels.most} s`);

    // A teacher that may have learned its samples by heart is told of then: the most that it may take, and not the least.
    const open = { dataset: { path: dataset.path }, student: small, training: {}, objective: [{ loss: 'kd' }] };
    const ofTeacher = { architecture: 'mlp', hidden: [128], training: { maxSteps: 800 } };
    const [may, never] = [
      await secondsOf({ ...open, teacher: ofTeacher }),
      await secondsOf({ ...open, teacher: { ...ofTeacher, crossFit: 'never' } }),
    ];
    assert.equal(may.least, never.least);
    assert.ok(may.most > never.most, `${may.most} s, ${never.most} s`);
  });

  it('shows a training sample of each class', async () => {
    const { data } = await describeOnce({ teacher: null, dataset, student });
    assert.deepEqual(
      data.examples.map(({ label, shown }) => [label, shown.kind]),
      data.classes.map((name) => [name, 'picture']),
    );
  });

  it('shows rows of a table with what they are labelled with in its own units, and what was assumed', async () => {
    const folder = temporaryFolder();
    const sizes = Array.from({ length: 60 }, (_, index) => 20 + ((index * 37) % 23));
    const rows = sizes.map((size) => `${size},${size % 2 === 0 ? 'low' : 'high'},${1000 + size / 4}`);
    writeFileSync(join(folder, 'prices.csv'), ['size,floor,price', ...rows].join('\n'));
    const experiment = { teacher: null, dataset: { path: 'prices.csv' }, student };
    const { data } = await new ExperimentDescriber().describe(experiment, { ...options, baseDirectory: folder });
    removeFolder(folder);
    const [example] = data.examples;
    assert.ok(example?.shown.kind === 'features');
    const [size, floor] = example.shown.features;
    assert.equal(floor?.value, Number(size?.value) % 2 === 0 ? 'low' : 'high');
    assert.equal(example.label, `price ${Number((1000 + Number(size?.value) / 4).toPrecision(4))}`);
    assert.deepEqual(
      data.columns.map(({ name, use, range }) => [name, use, range && Object.values(range)]),
      [
        ['size', 'number', [20, 42]],
        ['floor', 'category', null],
        ['price', 'target', [1005, 1010.5]],
      ],
    );
    const assumed = data.findings.filter(({ where }) => where === 'dataset.target');
    assert.deepEqual(
      assumed.map(({ severity }) => severity),
      ['information'],
    );
  });

  it('tells of another student of the same data at once, and of what cannot be built', async () => {
    const describer = new ExperimentDescriber();
    const first = await describer.describe({ teacher, dataset, student }, options);
    const second = await describer.describe({ teacher, dataset, student: { ...student, hidden: [8, 4] } }, options);
    assert.equal(second.data, first.data, 'the data were opened anew');
    assert.equal(second.student?.parameters, 784 * 8 + 8 + 8 * 4 + 4 + 4 * 10 + 10);
    const vast = await describer.describe(
      { teacher, dataset, student: { ...student, hidden: [32_768, 32_768] } },
      options,
    );
    assert.equal(vast.student?.parameters, 784 * 2 ** 15 + 2 ** 15 + 2 ** 30 + 2 ** 15 + 10 * 2 ** 15 + 10);
    const textual = { architecture: 'textcnn' };
    for (const each of [describer, new ExperimentDescriber()]) {
      const unfit = await each.describe({ teacher, dataset, student: textual }, options);
      assert.match(unfit.problems?.[0]?.where ?? '', /^student/);
      assert.deepEqual([unfit.student, unfit.data.training], [null, 200], 'what is known of the data is told');
    }
    const other = await describer.describe({ teacher: null, dataset: { ...dataset, limit: 100 }, student }, options);
    assert.deepEqual([other.teacher, other.data.training], [null, 100]);
  });

  for (const [title, unread] of Object.entries({
    'the teacher': { model: 'nowhere.onnx' },
    'the network that the teacher starts from': { model: 'nowhere.onnx', training: { epochs: 1 } },
  })) {
    it(`tells of the data and the student where ${title} cannot be opened`, async () => {
      const found = await new ExperimentDescriber().describe({ teacher: unread, dataset, student }, options);
      assert.deepEqual([found.teacher, found.data.training, found.student?.parameters], [null, 200, 12_730]);
      assert.deepEqual(
        found.problems?.map(({ where }) => where),
        ['teacher.model'],
      );
    });
  }

  it('refuses data that cannot be opened with the problems of a run', async () => {
    await assert.rejects(describeOnce({ teacher: null, dataset: { path: 'nowhere' }, student }), (error) => {
      assert.ok(error instanceof BadInputError);
      assert.deepEqual(
        error.problems.map(({ where }) => where),
        ['dataset.path'],
      );
      return true;
    });
  });
});
