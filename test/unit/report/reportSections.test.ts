import assert from 'node:assert/strict';
import { reportSchema } from '../../../src/report/reportSchema.ts';
import { writtenTable, type SectionId } from '../../../src/report/reportSection.ts';
import { reportSections } from '../../../src/report/reportSections.ts';
import { reportRows } from '../../../src/report/reportTable.ts';
import type { Report, VariantWeights } from '../../../src/report/report.ts';
import { inEnglish } from '../../../src/report/wording/reportText.ts';
import { crowdedReport } from '../../support/crowdedReport.ts';
import { detailedReport, regressionReport } from '../../support/detailedReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

function section(id: SectionId, report = detailedReport) {
  const found = reportSections(report).find((part) => part.id === id);
  assert.ok(found, id);
  const table = found.table && writtenTable(found.table);
  return { ...found, table, sentences: found.sentences.map(inEnglish) };
}

describe('reportSections', () => {
  it('survives being written and read', () => {
    for (const report of [detailedReport, regressionReport, crowdedReport]) {
      assert.deepEqual(reportSchema.parse(JSON.parse(JSON.stringify(report))), report);
    }
  });

  it('is read where it was written before weights, load and intervals of speeds were noted', () => {
    const text = JSON.stringify(detailedReport, (key, value: unknown) =>
      ['weights', 'load', 'speedUp', 'latencyInterval', 'cpuLatencyInterval'].includes(key) ? undefined : value,
    );
    const { device, ratios, variants } = reportSchema.parse(JSON.parse(text));
    assert.equal(device.load, null);
    assert.deepEqual([ratios?.latency, ratios?.latencyInterval, ratios?.cpuLatencyInterval], [2, null, null]);
    assert.deepEqual([variants[0]?.weights, variants[0]?.speedUp], [null, null]);
  });

  it('has nothing to add where nothing was measured', () => {
    const bare = { ...sampleReport, gainInterval: null, exportDifference: null, trainingMemory: null };
    assert.deepEqual(reportSections(bare), []);
  });

  it('says how sure the differences are, and on which classes the student is worse', () => {
    assert.deepEqual(section('differences').sentences, [
      'Student against teacher: −0.30 points (95 % interval −0.52 to −0.08).',
      'Student against the same student trained without the teacher: +0.38 points (95 % interval +0.11 to +0.64).',
      'Mean divergence from the teacher: 0.02150 nats.',
      "Worse than the teacher on 'one' by 25.0 points (95 % interval 20.0 to 30.0).",
      'The written student gives the same outputs as the trained one.',
    ]);
  });

  it('tells how many of many classes seem worse by chance', () => {
    const classes = Array.from({ length: 20 }, (_, index) => ({
      value: -0.1,
      low: -0.2,
      high: index === 0 ? -0.01 : 0.1,
    }));
    const comparison = { ...detailedReport.comparison!, classes: [...classes, null] };
    const { sentences } = section('differences', { ...detailedReport, comparison });
    assert.match(sentences.join(' '), /Worse than the teacher on .* of 20 classes on which the student is no worse, /);
    const few = { ...comparison, classes: classes.slice(0, 19) };
    const told = section('differences', { ...detailedReport, comparison: few }).sentences.join(' ');
    assert.doesNotMatch(told, /by chance/);
  });

  it('says how far the student attends to what the teacher attends to, beside the baseline', () => {
    const { table, sentences } = section('attention');
    assert.match(sentences.join(' '), /^Of 32 test samples: .* Contributions are found by integrated gradients\.$/);
    assert.deepEqual(table?.rows, [
      ['Student', '+0.52', '+0.47 … +0.58'],
      ['Baseline', '+0.38', '+0.33 … +0.43'],
      ['Student less baseline', '+0.14', '+0.10 … +0.18'],
    ]);
    const attention = { ...detailedReport.attention!, method: 'occlusion', student: null, gain: null } as const;
    const bare = section('attention', { ...detailedReport, attention });
    assert.deepEqual(bare.table?.rows, [['Baseline', '+0.38', '+0.33 … +0.43']]);
    assert.ok(bare.sentences.includes('Contributions are found by hiding parts of the sample.'));
  });

  it('compares the quantised students, and says why one was refused', () => {
    const { table, sentences } = section('variants');
    assert.deepEqual(
      table?.rows.map((row) => [row[0], row[8], row[2], row[6]]),
      [
        ['Trained (float32)', 'student.onnx', '5.1 MB', ''],
        ['Static int8', 'student.static-int8.onnx', '1.3 MB', '−0.02 points'],
        ['Dynamic int8', 'not kept', '1.3 MB', '−9.00 points'],
      ],
    );
    assert.equal(
      sentences[0],
      'Dynamic int8: It loses 9.00 points of accuracy on the validation split; 0.50 are allowed.',
    );
    assert.match(sentences[2]!, /^Static int8: weights of 7 bits/);
    assert.equal(sentences.length, 3);
  });

  it('begins with what tells how well the rare one of two classes is found', () => {
    const { decisions } = detailedReport.student;
    assert.ok(decisions);
    const [one, two] = decisions.classes;
    assert.ok(one && two);
    const withShare = (samples: number) => ({
      ...detailedReport,
      dataset: { ...detailedReport.dataset, classes: ['good', 'fraud'] },
      student: {
        ...detailedReport.student,
        decisions: {
          ...decisions,
          classes: [
            { ...one, samples: 10_000 - samples },
            { ...two, samples },
          ],
        },
      },
    });
    const rare = withShare(400);
    assert.equal(reportSections(rare)[0]?.id, 'decisions');
    const { table, sentences } = section('decisions', rare);
    assert.match(
      sentences[0] ?? '',
      /^Only 4\.00 % of the test samples are fraud: whoever always said good would be right on 96\.00 %/,
    );
    assert.deepEqual(
      table?.rows.slice(0, 2).map((row) => row[0]),
      ['Area under the ROC curve', 'Average precision of fraud'],
    );
    assert.ok(table.rows[1]?.includes('0.9500'));
    assert.equal(table.rows.filter(([name]) => name === 'Area under the ROC curve').length, 1);
    assert.notEqual(reportSections(withShare(1200))[0]?.id, 'decisions');
    assert.deepEqual(section('decisions', withShare(1200)).sentences, []);
  });

  it('is read where average precisions were not noted yet', () => {
    const text = JSON.stringify(detailedReport, (key, value: unknown) =>
      key === 'averagePrecision' ? undefined : value,
    );
    assert.equal(reportSchema.parse(JSON.parse(text)).student.decisions?.classes[0]?.averagePrecision, null);
  });

  it('tells which sites taught, with what, and how well alone and together', () => {
    const { table } = section('sites', detailedReport);
    assert.deepEqual(table?.rows, [
      ['north', '1,200', 'dog (1,200)', '97.00 %', '50.00 %', '–'],
      ['south', '1,500', 'cat (300), dog (1,200)', '–', '50.00 %', '–'],
      [table?.rows.at(-1)?.[0], '2,700', '', '–', '90.00 %', '89.00 %'],
    ]);
  });

  it('shows a pruned student before it was distilled', () => {
    const pruned = {
      ...sampleReport.student,
      kind: 'pruned',
      file: 'student.pruned.onnx',
      weightBytes: 5_000_000,
      weights: null,
      speedUp: null,
      keptOn: null,
    } as const;
    const difference = { value: -0.3, low: -0.31, high: -0.29 };
    const { title, table, sentences } = section('variants', {
      ...sampleReport,
      student: { ...sampleReport.student, keptChannels: 0.5 },
      variants: [{ ...pruned, agreement: 0.6, difference, refusal: null }],
    });
    assert.equal(inEnglish(title), 'What distilling gave back');
    assert.match(sentences.join(), /^The student began as its teacher with 50 % of the channels.*largest L1 norms/);
    const byTaylor = section('variants', {
      ...sampleReport,
      student: { ...sampleReport.student, keptChannels: 0.5, channelImportance: 'taylor' },
      variants: [{ ...pruned, agreement: 0.6, difference, refusal: null }],
    });
    assert.match(byTaylor.sentences.join(), /^The student began .* those without which the loss would change most/);
    const byLayer = section('variants', {
      ...sampleReport,
      student: { ...sampleReport.student, keptChannels: [0.5, 0.25] },
      variants: [{ ...pruned, agreement: 0.6, difference, refusal: null }],
    });
    assert.match(byLayer.sentences.join(), /with 50 %, 25 % of the channels of its layers, one after the other/);
    assert.deepEqual([table?.rows[1]?.[0], table?.rows[1]?.[6]], ['Pruned, before distilling', '−30.00 points']);
    const beside = section('variants', {
      ...sampleReport,
      variants: [
        { ...pruned, agreement: 0.6, difference, refusal: null },
        { ...pruned, kind: 'static-int8', agreement: 0.6, difference, refusal: null },
      ],
    });
    assert.equal(inEnglish(beside.title), 'Other forms of the student');
  });

  it('says on which split it was decided which forms of the student are kept, where that is known', () => {
    const said = (variants: Report['variants']): string =>
      section('variants', { ...detailedReport, variants }).sentences.join('\n');
    const keptOn = (split: 'validation' | 'test'): Report['variants'] =>
      detailedReport.variants.map((variant) => ({ ...variant, keptOn: { split, samples: 6000, difference: 0 } }));
    assert.match(said(keptOn('validation')), /decided on the validation split \(6,000 samples\)/);
    assert.match(
      said(keptOn('test')),
      /decided on the test split \(6,000 samples\), because the validation split is too small/,
    );
    const older = JSON.stringify(detailedReport, (key, value: unknown) => (key === 'keptOn' ? undefined : value));
    assert.doesNotMatch(said(reportSchema.parse(JSON.parse(older)).variants), /was decided on/);
  });

  it('says how certain it is how many times faster the student is, and when the machine was busy', () => {
    const { sentences } = section('speed', {
      ...sampleReport,
      ratios: { ...sampleReport.ratios!, latencyInterval: { value: 2, low: 1.9, high: 2.2 } },
      device: { ...sampleReport.device, load: { isBusy: true, others: 0.6, waiting: null } },
    });
    assert.deepEqual(sentences, [
      'The student against the teacher: 2.0 times as fast (95 % interval 1.9 to 2.2).',
      'The machine was busy while speeds were measured, so times and how many times faster networks are may be off.',
      'Other programs took 60 % of the processors.',
    ]);
    const load = { isBusy: false, others: 0.01, waiting: 0 };
    const quiet = { ...sampleReport, device: { ...sampleReport.device, load } };
    assert.ok(!reportSections(quiet).some(({ id }) => id === 'speed'));
  });

  it('says how int8 weights are written, which processors that suits, and how many times faster it is', () => {
    const [written] = detailedReport.variants;
    const sentencesOf = (weights: VariantWeights) =>
      section('variants', {
        ...sampleReport,
        variants: [{ ...written!, weights, keptOn: null, speedUp: { value: 1.4, low: 1.3, high: 1.6 } }],
      });
    const cases: readonly (readonly [VariantWeights, RegExp])[] = [
      [{ bits: 7, reason: 'processor-overflows' }, /^Static int8: weights of 7 bits, because .* suits every processor/],
      [{ bits: 7, reason: 'asked' }, /^Static int8: weights of 7 bits, as .* suits every processor/],
      [{ bits: 8, reason: 'processor-exact' }, /^Static int8: weights of 8 bits, .*exactly.* without VNNI/],
      [{ bits: 8, reason: 'asked' }, /^Static int8: weights of 8 bits, as .* without VNNI/],
      [{ bits: 8, reason: 'unsigned' }, /^Static int8: weights of 8 bits without a sign/],
    ];
    for (const [weights, sentence] of cases) assert.match(sentencesOf(weights).sentences.join(), sentence);
    const [, row] = sentencesOf({ bits: 7, reason: 'asked' }).table!.rows;
    assert.match(String(row![3]), /^[\d.]+ ms, 1\.4× faster \(1\.3–1\.6\)$/);
  });

  it('says how the teacher was matched, and what is to be checked', () => {
    assert.deepEqual(section('matching').sentences, [
      'mlp.onnx: The teacher decides 99.0 % of 500 validation samples rightly; its output 0 gives logits.',
      'mlp.onnx, to be checked: The teacher decides only 12.0 % of 500 validation samples rightly, which is no better than guessing. Check that it was trained for these classes, and what its fields normalization and classes should say.',
    ]);
  });

  it('says what the student was made from', () => {
    const { table, sentences } = section('provenance');
    assert.deepEqual(sentences, ['The process that trained took up to 410 MB of memory.']);
    assert.deepEqual(table?.rows, [
      ['Experiment file', '1111111111111111'],
      ['mlp.onnx', '2222222222222222'],
      ['Training data', '3333333333333333'],
      ['Validation data', '4444444444444444'],
      ['Test data', '5555555555555555'],
    ]);
  });

  it('says that a run ended with the student on the labels alone, and what both came to', () => {
    const givenUp = {
      objective: 'kd T 1 × 1',
      taught: { accuracy: 0.812, loss: 0.4 },
      alone: { accuracy: 0.83, loss: 0.5 },
    };
    const choice = {
      chosen: 'labels × 1',
      reason: 'taught-no-better',
      objective: [{ loss: 'labels' }],
      trials: [],
      teacherAccuracy: 0.82,
      seconds: 1,
      givenUp,
    } as const;
    const report = reportSchema.parse({ ...sampleReport, choice });
    const [sentence = ''] = section('trials', report).sentences;
    assert.match(sentence, /that was taught \(kd T 1 × 1\) .* \(81\.20 % against 83\.00 %\)/);
    const crossFitted = {
      samples: 44,
      steps: 600,
      taught: { value: -0.025, deviation: 0.05 },
      teacher: { value: 0.1, deviation: 0.04 },
    };
    const told = reportSchema.parse({ ...sampleReport, choice: { ...choice, crossFitted } });
    const [reason = '', figures = ''] = section('trials', told).sentences;
    assert.match(reason, /on samples that they had not seen/);
    assert.match(
      figures,
      /^Accuracy on 44 samples.*: the taught student −2\.5 ± 5\.0 points, the teacher \+10\.0 ± 4\.0\.$/,
    );
  });

  it('says why rows were made although a short training did not learn by heart', () => {
    const enlargement = {
      outcome: 'rows',
      steps: 300,
      training: { accuracy: 0.81, loss: 0.4 },
      validation: { accuracy: 0.8, loss: 0.4 },
      count: 100,
      parameters: 258,
      augmentation: null,
      rows: 5000,
      tried: [],
      unchangedAccuracy: null,
    } as const;
    const report = reportSchema.parse({ ...sampleReport, enlargement });
    const { sentences } = section('enlargement', report);
    assert.equal(sentences.length, 3);
    assert.match(sentences[1] ?? '', /^With 258 parameters/);
  });

  it('says why texts were made', () => {
    const enlargement = {
      outcome: 'texts',
      steps: 300,
      training: { accuracy: 0.87, loss: 0.4 },
      validation: { accuracy: 0.87, loss: 0.4 },
      count: 100,
      occurrences: 3.14,
      augmentation: null,
      rows: 3000,
      tried: [],
      unchangedAccuracy: null,
    } as const;
    const { sentences } = section('enlargement', reportSchema.parse({ ...sampleReport, enlargement }));
    assert.match(sentences[1] ?? '', /^A word occurs 3\.1 times/);
    assert.match(sentences[2] ?? '', /^So 3,000 texts are made/);
  });

  it('lists the seeds and their mean', () => {
    const quality = (accuracy: number) => ({ accuracy, errors: null, loss: 1 - accuracy });
    const { table, sentences } = section('seeds', {
      ...detailedReport,
      seeds: [
        { seed: 4, student: quality(0.98), baseline: quality(0.97) },
        { seed: 5, student: quality(0.96), baseline: quality(0.93) },
      ],
      gainOverSeeds: { value: 0.02, low: -0.107, high: 0.147 },
    });
    assert.deepEqual(sentences, [
      'Mean gain over the same student trained without the teacher: +2.00 points (95 % interval −10.70 to +14.70, 2 seeds).',
    ]);
    assert.deepEqual(table?.rows, [
      ['4', '98.00 %', '97.00 %', '+1.00 points'],
      ['5', '96.00 %', '93.00 %', '+3.00 points'],
      ['Mean', '97.00 %', '95.00 %', '+2.00 points'],
    ]);
  });

  it('lists the folds, their mean and what their interval allows for', () => {
    const quality = (accuracy: number) => ({ accuracy, errors: null, loss: 1 - accuracy });
    const fold = { training: 400, test: 100, teacher: quality(0.99) };
    const { table, sentences } = section('folds', {
      ...detailedReport,
      folds: {
        results: [
          { ...fold, fold: 1, student: quality(0.98), baseline: quality(0.97) },
          { ...fold, fold: 2, test: 101, student: quality(0.96), baseline: quality(0.93) },
        ],
        gain: { value: 0.02, low: -0.107, high: 0.147 },
        isInTime: false,
        isTeacherTrained: false,
      },
    });
    assert.match(sentences[0] ?? '', /\+2\.00 points \(95 % interval −10\.70 to \+14\.70, 2 folds\)\.$/);
    assert.match(sentences[1] ?? '', /^Each fold judges on 100 to 101 samples/);
    assert.match(sentences[2] ?? '', /^The teacher is a file and the same in every fold/);
    assert.deepEqual(table?.rows, [
      ['1', '99.00 %', '98.00 %', '97.00 %', '+1.00 points'],
      ['2', '99.00 %', '96.00 %', '93.00 %', '+3.00 points'],
      ['Mean', '99.00 %', '97.00 %', '95.00 %', '+2.00 points'],
    ]);
  });

  it('says of folds of one size that size alone, and which epoch was kept', () => {
    const { sentences } = section('folds', crowdedReport);
    assert.match(sentences[1] ?? '', /^Each fold judges on 60 samples that it did not learn from/);
    assert.equal(section('epoch-choice', crowdedReport).sentences[0], 'Epoch 9 was kept.');
  });

  it('has every figure of the decisions that a network has', () => {
    const { table } = section('decisions');
    assert.deepEqual(table?.head, ['Measured', 'Teacher', 'Student', 'Baseline']);
    assert.deepEqual(table.rows[0], ['Balanced accuracy', '0.7450', '0.7450', '–']);
    assert.ok(table.rows.every(([name]) => name !== 'Top-5 accuracy'));
    assert.deepEqual(section('class-quality').table?.rows[2], ['two', '0', '0.0000', '0.0000', '0.0000', '–', '–']);
    assert.deepEqual(section('confusion').table?.rows[1], ['one', '1,990', '2,000', '10']);
    assert.deepEqual(section('reliability').table?.rows, [
      ['0 % to 50 %', '0', '–', '–'],
      ['50 % to 100 %', '10,000', '99.0 %', '98.0 %'],
    ]);
  });

  it('shows the samples on which the networks differ', () => {
    const samples = section('disagreements').samples ?? [];
    assert.deepEqual(
      samples.map(({ heading, lines }) => [inEnglish(heading), ...lines.map(inEnglish)]),
      [
        ['Test sample 1,234, labelled one', 'Teacher: one (93.0 %)', 'Student: zero (61.0 %)'],
        ['Test sample 7, labelled zero', 'Teacher: zero (80.0 %)', 'Student: one (70.0 %)'],
      ],
    );
  });

  it('gives predicted numbers in their own units', () => {
    assert.deepEqual(section('targets', regressionReport).table?.rows[1], [
      'price',
      'Root mean squared error',
      '50.00',
    ]);
    const rows = new Map(reportRows(regressionReport).map((row) => [row.id, row.student]));
    assert.equal(rows.get('rmse'), '50.00');
    assert.equal(rows.get('loss'), '0.2500');
    const [only] = regressionReport.student.targets;
    const two = { ...regressionReport, student: { ...regressionReport.student, targets: [only!, only!] } };
    assert.equal(reportRows(two).find(({ id }) => id === 'rmse')?.student, '0.5000', 'of two units there is no mean');
  });
});
