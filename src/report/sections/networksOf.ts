import type { ModelReport, Report } from '../report.ts';
import { label, type LabelledText } from '../wording/reportText.ts';

/** The networks that a report compares, with their names. */
export function networksOf({ teacher, student, baseline }: Report): readonly (readonly [LabelledText, ModelReport])[] {
  return [
    ...(teacher ? [[label('Teacher'), teacher] as const] : []),
    [label('Student'), student],
    ...(baseline ? [[label('Baseline'), baseline] as const] : []),
  ];
}
