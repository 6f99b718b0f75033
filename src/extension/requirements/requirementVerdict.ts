import { valueOf } from '../../experiment/incompleteText.ts';
import { lineAndColumn, placeProblems } from '../../experiment/placeProblems.ts';
import { valueAt } from '../../experiment/valueAt.ts';
import { formatInteger, formatLoss, formatPercent, writerOfMilliseconds } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { checkRequirements, type Requirements } from '../../report/requirements.ts';
import type { Translate } from '../translate.ts';

type Figure = keyof Requirements;

const FIGURES: readonly Figure[] = ['accuracy', 'loss', 'bytes', 'parameters', 'macs', 'latencyMs'];

/** A figure that an experiment file requires of its student, and where the file says so. */
export interface Requirement {
  readonly figure: Figure;
  readonly required: number;
  /** 1-based. */
  readonly line: number;
}

/** How a student does at one of them. */
export interface Verdict {
  readonly figure: Figure;
  /** What the student has, in words. */
  readonly found: string;
  /** Undefined where it passes. */
  readonly shortfall: { readonly expected: string; readonly actual: string } | undefined;
}

/** What the text of an experiment file requires of its student; nothing where it is no such file. */
export function requirementsIn(text: string): readonly Requirement[] {
  const value = valueOf(text);
  return FIGURES.flatMap((figure) => {
    const required = valueAt(value, ['require', figure]);
    const [place] = placeProblems(text, [{ where: `require.${figure}`, message: '' }]);
    if (typeof required !== 'number' || !place) return [];
    return [{ figure, required, line: lineAndColumn(text, place.field.offset).line }];
  });
}

/** Holds the student of a report against what is required of it. */
export function judgeStudent(report: Report, requirements: readonly Requirement[], t: Translate): readonly Verdict[] {
  const required: Requirements = Object.fromEntries(requirements.map(({ figure, required: value }) => [figure, value]));
  return checkRequirements(report, required).map(({ figure, found, required: bar, bound, passed }) => {
    const write = writerOf(figure, found === null ? [bar] : [found, bar]);
    const actual = found === null ? t('not measured') : write(found);
    const expected = `${bound === 'least' ? '≥' : '≤'} ${write(bar)}`;
    return { figure, found: actual, shortfall: passed ? undefined : { expected, actual } };
  });
}

/** A requirement in words: `accuracy ≥ 97.00 %`. */
export function describeRequirement({ figure, required }: Pick<Requirement, 'figure' | 'required'>): string {
  return `${figure} ${figure === 'accuracy' ? '≥' : '≤'} ${writerOf(figure, [required])(required)}`;
}

/** What writes values of a figure that stand beside each other. */
function writerOf(figure: Figure, values: readonly number[]): (value: number) => string {
  switch (figure) {
    case 'accuracy':
      return (share) => formatPercent(share);
    case 'loss':
      return formatLoss;
    case 'latencyMs':
      return writerOfMilliseconds(values);
    case 'bytes':
    case 'parameters':
    case 'macs':
      return formatInteger;
  }
}
