import type { Advice } from '../advice.ts';
import { formatInteger, formatPercent } from '../format.ts';
import { patchLine } from '../patchLine.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText } from '../wording/reportText.ts';

/** What to do next, with the line of the experiment file that does it. */
export function adviceSection({ advice }: Pick<Report, 'advice'>): ReportSection | undefined {
  if (advice.length === 0) return undefined;
  return { id: 'advice', title: label('What to do next'), isLong: false, sentences: advice.map(adviceText) };
}

/** A piece of advice in a sentence or two, with its line for the file where it has one. */
export function adviceText(advice: Advice): LabelledText {
  const text = adviceSentence(advice);
  return advice.patch ? label('{0} In the experiment file: {1}', text, { code: patchLine(advice.patch) }) : text;
}

/** A piece of advice in a sentence or two. */
export function adviceSentence(advice: Advice): LabelledText {
  switch (advice.kind) {
    case 'no-better-than-largest-class': {
      const known = [formatPercent(advice.accuracy), advice.largestClass, formatPercent(advice.share)];
      return advice.areaUnderCurve === null
        ? label(
            'The student is right on {0} of the test: no more than whoever always says {1} ({2}). So it is of no use yet: more samples, or a larger student or a longer training, may change that.',
            ...known,
          )
        : label(
            'The student is right on {0} of the test: no more than whoever always says {1} ({2}). It does rank samples (area under the ROC curve {3}), so choose by another probability than the largest, or give rare classes more weight.',
            ...known,
            advice.areaUnderCurve.toFixed(3),
          );
    }
    case 'no-better-than-mean':
      return label(
        "The student's R² on the test is {0}: whoever always says the mean of the targets is no further off. So it is of no use yet: more samples, or other columns, may change that.",
        signed(advice.determination),
      );
    case 'worse-than-baseline':
      return advice.isSure
        ? label(
            'The student is worse than the same student trained without the teacher, and not by chance: take {0}.',
            advice.file,
          )
        : label(
            'The student is worse than the same student trained without the teacher, perhaps by chance: {0} is there to be taken.',
            advice.file,
          );
    case 'teacher-no-better':
      return label('The teacher is no better than the student alone: distilling cannot help. Find a better teacher.');
    case 'taught-no-better':
      return label(
        'Distilling did not surely help here: the student learned from the labels alone. A better teacher or samples without labels may change that.',
      );
    case 'larger-than-teacher':
      return label(
        "The student's file is {0} times as large as the teacher's, so nothing is compressed: choose a smaller student.",
        advice.times.toFixed(1),
      );
    case 'too-small':
      return label(
        'The student is too small: it is right on {0} of what it was trained on, the teacher on {1} of the test.',
        formatPercent(advice.trainingAccuracy),
        formatPercent(advice.teacherAccuracy),
      );
    case 'overfits':
      return label(
        'The student overfits: it is right on {0} of what it was trained on and on {1} of the test. Add unlabelled data, augmentation or dropout.',
        formatPercent(advice.trainingAccuracy),
        formatPercent(advice.testAccuracy),
      );
    case 'too-small-for-numbers':
      return label(
        "The student is too small: its R² is {0} on what it was trained on, the teacher's {1} on the test.",
        signed(advice.trainingDetermination),
        signed(advice.teacherDetermination),
      );
    case 'overfits-numbers':
      return label(
        'The student overfits: its R² is {0} on what it was trained on and {1} on the test. More samples, samples without labels or dropout may change that.',
        signed(advice.trainingDetermination),
        signed(advice.testDetermination),
      );
    case 'train-longer':
      return label('Train longer: of {0} epochs one of the last was the best.', String(advice.epochs));
    case 'use-folds':
      return label(
        'With {0} samples in all, one test split cannot tell whether the teacher helps: folds judge on all of them, and take five times as long or more.',
        formatInteger(advice.samples),
      );
    case 'classes-lost':
      return label(
        'These classes lost most against the teacher (points): {0}. More samples of them may help.',
        advice.classes.map(({ name, lost }) => `${name} (${(100 * lost).toFixed(1)})`).join(', '),
      );
  }
}

function signed(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
