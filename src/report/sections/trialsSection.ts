import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { ObjectiveChoice, Trial } from '../choice.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText, type ReportText } from '../wording/reportText.ts';

/** How the objective was chosen where the experiment named none, with every trial. */
export function trialsSection({ choice }: Report): ReportSection | undefined {
  if (!choice) return undefined;
  const isAccuracy = choice.trials.some(({ accuracy }) => accuracy !== null);
  const difference = ({ advantage }: Trial): ReportText => {
    if (!advantage) return '–';
    const scaled = (value: number): string => (isAccuracy ? (100 * value).toFixed(1) : formatLoss(value));
    const { value, deviation } = advantage;
    return `${signed(value, scaled)} ± ${scaled(deviation)}`;
  };
  const sentences = [
    reasonText(choice),
    ...crossFittedTexts(choice),
    ...(choice.teacherAccuracy === null
      ? []
      : [label('The teacher on the validation split: {0}.', formatPercent(choice.teacherAccuracy))]),
  ];
  if (choice.trials.length === 0) {
    return { id: 'trials', title: label('How the objective was chosen'), isLong: false, sentences };
  }
  return {
    id: 'trials',
    title: label('How the objective was chosen'),
    isLong: false,
    sentences,
    table: {
      head: [
        label('Objective'),
        label('Steps'),
        isAccuracy ? label('Validation accuracy') : label('Validation loss'),
        isAccuracy ? label('Against the safe choice, in points') : label('Against the safe choice'),
      ],
      rows: choice.trials.map((trial) => [
        trial.name,
        formatInteger(trial.steps),
        trial.accuracy === null ? formatLoss(trial.loss) : formatPercent(trial.accuracy),
        difference(trial),
      ]),
    },
  };
}

/** What trainings that had not seen them said of the samples, where the validation split was too small to tell. */
function crossFittedTexts({ crossFitted, teacherAccuracy }: ObjectiveChoice): readonly LabelledText[] {
  if (!crossFitted) return [];
  const { samples, taught, teacher } = crossFitted;
  const figures = [taught, teacher].flatMap(({ value, deviation }) =>
    teacherAccuracy === null
      ? [signed(-value, formatLoss), formatLoss(deviation)]
      : [signed(100 * value, (points) => points.toFixed(1)), (100 * deviation).toFixed(1)],
  );
  const text =
    teacherAccuracy === null
      ? 'Loss on {0} samples, each judged by networks that had not seen it, compared with the student on the labels alone: the taught student {1} ± {2}, the teacher {3} ± {4}.'
      : 'Accuracy on {0} samples, each judged by networks that had not seen it, compared with the student on the labels alone: the taught student {1} ± {2} points, the teacher {3} ± {4}.';
  return [label(text, formatInteger(samples), ...figures)];
}

function signed(value: number, format: (size: number) => string): string {
  return `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;
}

function reasonText({ reason, chosen, givenUp, crossFitted }: ObjectiveChoice): LabelledText {
  switch (reason) {
    case 'best':
      return label('Chosen: {0}. It was clearly the best on the validation split.', chosen);
    case 'safe':
      return label('Chosen: {0}. Nothing was clearly better on the validation split.', chosen);
    case 'teacher-no-better':
      return label(
        'Chosen: {0}. On the validation split the teacher is no better than the student alone, so distilling cannot help.',
        chosen,
      );
    case 'alone-better':
      return label(
        'Chosen: {0}. On the validation split it did clearly better than anything with the teacher.',
        chosen,
      );
    case 'too-short':
      return label('Chosen: {0}. The training is too short to try others.', chosen);
    case 'too-little-time':
      return label('Chosen: {0}. The minutes given (training.maxMinutes) leave too little time to try others.', chosen);
    case 'too-few-samples':
      return label('Chosen: {0}. The validation split is too small to compare others on.', chosen);
    case 'only':
      return label('Chosen: {0}. It is the only one for this task.', chosen);
    case 'taught-no-better':
      if (crossFitted)
        return label(
          'Chosen: {0}. Students that were taught ({1}) were not clearly better than on the labels alone on samples that they had not seen, so the run ended with the latter.',
          chosen,
          givenUp?.objective ?? '',
        );
      return label(
        'Chosen: {0}. Trained to its end, the student that was taught ({1}) was not clearly better on the validation split than the same student on the labels alone ({2} against {3}), so the run ended with the latter.',
        chosen,
        givenUp?.objective ?? '',
        ...[givenUp?.taught, givenUp?.alone].map(toldOutcome),
      );
  }
}

/** How right a student is, or how wrong where nothing is decided. */
function toldOutcome(outcome: NonNullable<ObjectiveChoice['givenUp']>['taught'] | undefined): string {
  if (!outcome) return '–';
  return outcome.accuracy === null ? formatLoss(outcome.loss) : formatPercent(outcome.accuracy);
}
