import { writerOfBounds, writerOfDifferences } from '../wording/differenceTexts.ts';
import { formatLoss } from '../format.ts';
import type { Interval } from '../quality.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText } from '../wording/reportText.ts';

/** How the student differs from the teacher and from the baseline, with intervals. */
export function differencesSection(report: Report): ReportSection | undefined {
  const { comparison, gainInterval, exportDifference, dataset } = report;
  const bound = writerOfBounds(report);
  const write = writerOfDifferences(report);
  const sentences: LabelledText[] = [];
  const tell = (text: Parameters<typeof label>[0], { value, low, high }: Interval): void => {
    sentences.push(label(text, write(value), ...[low, high].map(bound)));
  };
  if (comparison) tell('Student against teacher: {0} (95 % interval {1} to {2}).', comparison.difference);
  if (gainInterval) {
    tell('Student against the same student trained without the teacher: {0} (95 % interval {1} to {2}).', gainInterval);
  }
  if (comparison?.divergence != null) {
    sentences.push(label('Mean divergence from the teacher: {0} nats.', formatLoss(comparison.divergence)));
  }
  if (comparison) sentences.push(...regressions(comparison.classes, dataset.classes));
  if (exportDifference !== null) {
    sentences.push(
      exportDifference === 0
        ? label('The written student gives the same outputs as the trained one.')
        : label(
            'The outputs of the written student differ from those of the trained one by at most {0} of the largest.',
            formatLoss(exportDifference),
          ),
    );
  }
  return sentences.length === 0
    ? undefined
    : { id: 'differences', title: label('Differences'), isLong: false, sentences };
}

/** Classes on which the student is surely worse, the worst first. */
function regressions(intervals: readonly (Interval | null)[], classes: readonly string[]): readonly LabelledText[] {
  if (intervals.length === 0) return [];
  const worse = intervals
    .flatMap((interval, index) => (interval && interval.high < 0 ? [{ ...interval, name: classes[index] ?? '' }] : []))
    .sort((one, other) => one.value - other.value);
  if (worse.length === 0) return [label('The student is not surely worse than the teacher on any class.')];
  const points = (share: number): string => (-share * 100).toFixed(1);
  const judged = intervals.filter((interval) => interval !== null).length;
  return [
    ...worse
      .slice(0, MOST_REGRESSIONS)
      .map(({ name, value, low, high }) =>
        label(
          "Worse than the teacher on '{0}' by {1} points (95 % interval {2} to {3}).",
          name,
          points(value),
          points(high),
          points(low),
        ),
      ),
    ...(judged < MANY_CLASSES
      ? []
      : [
          label(
            'Each interval holds for its own class: of {0} classes on which the student is no worse, about one in forty would seem worse by chance.',
            String(judged),
          ),
        ]),
  ];
}

/** Of so many classes one seems worse by chance as often as not. */
const MANY_CLASSES = 20;

/** Classes that are named at most. */
const MOST_REGRESSIONS = 10;
