import { writerOfBounds, writerOfDifferences } from '../wording/differenceTexts.ts';
import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { Report, TestQuality } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type ReportText } from '../wording/reportText.ts';

/** What the student of every seed came to, and how sure the gain over the baseline is. */
export function seedsSection(report: Report): ReportSection | undefined {
  const { seeds, gainOverSeeds } = report;
  if (seeds.length === 0) return undefined;
  const bound = writerOfBounds(report);
  const difference = writerOfDifferences(report);
  const measure = ({ accuracy, loss }: TestQuality): number => accuracy ?? loss;
  const quality = (result: TestQuality | null): string => {
    if (!result) return '–';
    return result.accuracy === null ? formatLoss(result.loss) : formatPercent(result.accuracy);
  };
  const mean = (results: readonly (TestQuality | null)[]): TestQuality | null => {
    const present = results.filter((result) => result !== null);
    if (present.length === 0) return null;
    const average = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const accuracies = present.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
    return {
      accuracy: accuracies.length === 0 ? null : average(accuracies),
      errors: null,
      loss: average(present.map(({ loss }) => loss)),
    };
  };
  const gain = (student: TestQuality | null, baseline: TestQuality | null): ReportText =>
    student && baseline ? difference(measure(student) - measure(baseline)) : '–';
  const means = [mean(seeds.map(({ student }) => student)), mean(seeds.map(({ baseline }) => baseline))] as const;
  return {
    id: 'seeds',
    title: label('Several seeds'),
    isLong: false,
    sentences: gainOverSeeds
      ? [
          label(
            'Mean gain over the same student trained without the teacher: {0} (95 % interval {1} to {2}, {3} seeds).',
            difference(gainOverSeeds.value),
            bound(gainOverSeeds.low),
            bound(gainOverSeeds.high),
            formatInteger(seeds.length),
          ),
        ]
      : [],
    table: {
      head: [label('Seed'), label('Student'), label('Without the teacher'), label('Gain')],
      rows: [
        ...seeds.map(({ seed, student, baseline }) => [
          String(seed),
          quality(student),
          quality(baseline),
          gain(student, baseline),
        ]),
        [label('Mean'), ...means.map(quality), gain(...means)],
      ],
    },
  };
}
