import { formatPercent, formatRatio } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** How certain it is how many times faster the student is, and whether the machine was busy with other things. */
export function speedSection({ ratios, device: { load } }: Report): ReportSection | undefined {
  const interval = ratios?.latencyInterval;
  const factor = (ratio: number): string => formatRatio(ratio).slice(0, -1);
  const sentences = [
    ...(interval
      ? [
          label(
            'The student against the teacher: {0} times as fast (95 % interval {1} to {2}).',
            ...[interval.value, interval.low, interval.high].map(factor),
          ),
        ]
      : []),
    ...(load?.isBusy === true
      ? [
          label(
            'The machine was busy while speeds were measured, so times and how many times faster networks are may be off.',
          ),
          ...(load.others === null
            ? []
            : [label('Other programs took {0} of the processors.', formatPercent(load.others, 0))]),
          ...(load.waiting === null
            ? []
            : [label('Networks waited for a processor {0} of the time.', formatPercent(load.waiting, 0))]),
        ]
      : []),
  ];
  if (sentences.length === 0) return undefined;
  return { id: 'speed', title: label('How certain speeds are'), isLong: false, sentences };
}
