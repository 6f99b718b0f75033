import { formatSigned } from '../format.ts';
import type { Interval } from '../quality.ts';
import type { Attention, Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText } from '../wording/reportText.ts';

/** How far the student attends to what the teacher attends to. */
export function attentionSection({ attention }: Report): ReportSection | undefined {
  if (!attention) return undefined;
  const { method, samples, student, baseline, gain } = attention;
  const row = (name: LabelledText, interval: Interval | null): readonly (readonly (LabelledText | string)[])[] =>
    interval
      ? [[name, formatSigned(interval.value), `${formatSigned(interval.low)} … ${formatSigned(interval.high)}`]]
      : [];
  return {
    id: 'attention',
    title: label('How far the student attends to what the teacher attends to'),
    isLong: false,
    sentences: [
      label(
        'Of {0} test samples: how what each number of a sample contributes to the output correlates with what it contributes in the teacher. +1 is alike, 0 unrelated.',
        String(samples),
      ),
      methodTexts[method],
    ],
    table: {
      head: ['', label('Mean correlation'), label('95 % interval')],
      rows: [
        ...row(label('Student'), student),
        ...row(label('Baseline'), baseline),
        ...row(label('Student less baseline'), gain),
      ],
    },
  };
}

/** How contributions were found. */
export const methodTexts: Readonly<Record<Attention['method'], LabelledText>> = {
  'integrated gradients': label('Contributions are found by integrated gradients.'),
  occlusion: label('Contributions are found by hiding parts of the sample.'),
};
