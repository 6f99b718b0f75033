import { explanationPictures } from '../rendering/explanationPictures.ts';
import type { FiguresOfBoth, ShownExplanation } from '../report/explanation.ts';
import { formatLoss, formatPercent } from '../report/format.ts';
import type { ExplainedRun, Explanation } from './explainRun.ts';

/** Numbers of a sample that are listed. */
const MOST_LISTED = 10;

/** An explanation as it is shown: figures written out, images as pictures. */
export async function showExplanation(run: ExplainedRun, explanation: Explanation): Promise<ShownExplanation> {
  const { sample, truth, explained, correlation, teacher, student } = explanation;
  const isOfClasses = run.told.kind === 'probabilities';
  const written = isOfClasses ? (share: number) => formatPercent(share) : formatLoss;
  const maps = { sample: explanation.values, teacher: teacher.contributions, student: student.contributions };
  return {
    sample,
    truth,
    explained,
    correlation,
    method: run.method,
    says: {
      kind: run.told.kind,
      rows: run.told.names.map((name, index) => ({
        name,
        teacher: written(teacher.says[index] ?? NaN),
        student: written(student.says[index] ?? NaN),
      })),
    },
    ...(isOfImages(run)
      ? { pictures: await explanationPictures(maps, run.sampleShape), strongest: [] }
      : { pictures: null, strongest: strongest(run, explanation) }),
  };
}

function isOfImages({ sampleShape: [, height = 1, width = 1, ...more] }: ExplainedRun): boolean {
  return more.length === 0 && height > 1 && width > 1;
}

/** The numbers that contribute most to either network. */
function strongest({ features }: ExplainedRun, { teacher, student, words }: Explanation): readonly FiguresOfBoth[] {
  const strength = (index: number): number =>
    Math.max(Math.abs(teacher.contributions[index] ?? 0), Math.abs(student.contributions[index] ?? 0));
  return Array.from(teacher.contributions.keys())
    .filter((index) => words?.[index] !== '')
    .sort((one, other) => strength(other) - strength(one))
    .slice(0, MOST_LISTED)
    .map((index) => ({
      name: features?.[index] ?? (words ? `${words[index] ?? ''} (${index + 1})` : `[${index}]`),
      teacher: formatLoss(teacher.contributions[index] ?? NaN),
      student: formatLoss(student.contributions[index] ?? NaN),
    }));
}
