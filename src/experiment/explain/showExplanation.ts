import type { ShownExplanation } from '../../evaluation/renderExplanation.ts';
import { formatLoss, formatPercent, formatSigned } from '../../protocol/format.ts';
import type { ExplainedRun, Explanation } from './explainRun.ts';

/** Numbers of a sample that are listed. */
const FEATURES = 10;

/** An explanation in words and tables, as the terminal and a page show it. */
export function showExplanation(run: ExplainedRun, explanation: Explanation): ShownExplanation {
  const { told, method, sampleShape } = run;
  const { values, teacher, student } = explanation;
  const decides = run.task.endsWith('classification') || run.task === 'multi-label';
  const written = decides ? (share: number) => formatPercent(share) : formatLoss;
  return {
    title: `Test sample ${explanation.sample}`,
    sentence: sentenceOf(explanation),
    method,
    values,
    imageShape: isOfImages(run) ? sampleShape : undefined,
    contributions: [
      { name: 'Teacher', contributions: teacher.contributions },
      { name: 'Student', contributions: student.contributions },
    ],
    features: {
      head: ['Contributes', 'Teacher', 'Student'],
      rows: strongest(run, explanation),
    },
    says: {
      title: decides ? 'Probabilities' : 'What they say',
      table: {
        head: [decides ? 'Class' : '', 'Teacher', 'Student'],
        rows: told.map((name, index) => [name, ...[teacher, student].map(({ says }) => written(says[index] ?? NaN))]),
      },
    },
  };
}

function sentenceOf({ truth, explained, correlation }: Explanation): string {
  const alike = correlation === null ? 'cannot be compared' : `correlate with ${formatSigned(correlation)}`;
  const labelled = truth === undefined ? '' : `Labelled ${truth}. `;
  return `${labelled}Contributions to '${explained}' in teacher and student ${alike}.`;
}

function isOfImages({ sampleShape: [, height = 1, width = 1, ...more] }: ExplainedRun): boolean {
  return more.length === 0 && height > 1 && width > 1;
}

/** The numbers that contribute most to either network, with both contributions. */
function strongest(
  { features }: ExplainedRun,
  { teacher, student, words }: Explanation,
): readonly (readonly string[])[] {
  const strength = (index: number): number =>
    Math.max(Math.abs(teacher.contributions[index] ?? 0), Math.abs(student.contributions[index] ?? 0));
  return Array.from(teacher.contributions.keys())
    .filter((index) => words?.[index] !== '')
    .sort((one, other) => strength(other) - strength(one))
    .slice(0, FEATURES)
    .map((index) => [
      features?.[index] ?? (words ? `${words[index] ?? ''} (${index + 1})` : `number ${index}`),
      ...[teacher, student].map(({ contributions }) => formatLoss(contributions[index] ?? NaN)),
    ]);
}
