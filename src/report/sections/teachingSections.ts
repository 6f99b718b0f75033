import type { Enlargement, SeenAugmentation } from '../enlargement.ts';
import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText } from '../wording/reportText.ts';

/** Who said what the student was taught, where that is not the one teacher. */
export function crossFittedTeacherSection({ crossFittedTeacher }: Report): ReportSection | undefined {
  if (!crossFittedTeacher) return undefined;
  const { parts, accuracy, loss } = crossFittedTeacher;
  const sentence =
    accuracy === null
      ? label(
          'What the student was taught of a sample was said by one of {0} more teachers, which had not learned it (teacher.crossFit). The loss of what they said is {1}.',
          formatInteger(parts),
          formatLoss(loss),
        )
      : label(
          'What the student was taught of a sample was said by one of {0} more teachers, which had not learned it (teacher.crossFit). They were right on {1} of the samples.',
          formatInteger(parts),
          formatPercent(accuracy),
        );
  return { id: 'cross-fitted-teacher', title: label('Who taught'), isLong: false, sentences: [sentence] };
}

/** What the epoch that was kept was chosen on, where that was not the validation split. */
export function epochChoiceSection({ student, dataset }: Report): ReportSection | undefined {
  if (!student.epochChoice) return undefined;
  const { parts, samples, accuracy, loss, own } = student.epochChoice;
  const figures = [formatInteger(dataset.validation), formatInteger(parts), formatInteger(samples)] as const;
  const sentence =
    accuracy === null
      ? label(
          'With {0} samples to validate on, epochs are told apart by chance: {1} more networks, each trained without a part of the {2} samples, were judged on it. About the epoch that was kept their loss was {3}.',
          ...figures,
          formatLoss(loss),
        )
      : label(
          'With {0} samples to validate on, epochs are told apart by chance: {1} more networks, each trained without a part of the {2} samples, were judged on it. About the epoch that was kept they were right on {3}.',
          ...figures,
          formatPercent(accuracy),
        );
  const kept = label('Epoch {0} was kept.', formatInteger(student.bestEpoch));
  const drawn =
    own !== undefined &&
    label(
      'Whoever always says the largest class is wrong hardly more often. So the student is drawn towards how often each class is, as these samples make likeliest: {0} of its own logits is left.',
      formatPercent(own),
    );
  const sentences = [kept, sentence, ...(drawn ? [drawn] : [])];
  return { id: 'epoch-choice', title: label('Which epoch was kept'), isLong: false, sentences };
}

/** Whether the student was taught on more than there is, why, and what was tried on the teacher. */
export function enlargementSection({ enlargement }: Report): ReportSection | undefined {
  if (!enlargement) return undefined;
  const { tried, unchangedAccuracy } = enlargement;
  return {
    id: 'enlargement',
    title: label('More to learn from'),
    isLong: false,
    sentences: describeEnlargement(enlargement),
    ...(tried.length > 0 && {
      table: {
        head: [label('Change of the images'), label('Teacher on validation samples'), label('Taken')],
        rows: [
          [label('unchanged'), formatPercent(unchangedAccuracy ?? 0), '–'],
          ...tried.map((each) => [
            nameOf(each),
            formatPercent(each.accuracy),
            each.isKept ? label('yes') : label('no'),
          ]),
        ],
      },
    }),
  };
}

/** What was decided and why, in sentences. */
export function describeEnlargement(enlargement: Enlargement): readonly LabelledText[] {
  const { training, validation, steps } = enlargement;
  const isAccuracy = training.accuracy !== null && validation.accuracy !== null;
  const told = ({ accuracy, loss }: Enlargement['training']): string =>
    accuracy === null ? formatLoss(loss) : formatPercent(accuracy);
  const figures = [formatInteger(steps), told(training), told(validation)] as const;
  const found = isAccuracy
    ? label(
        'After {0} steps on the labels the student was right on {1} of what it had learned and on {2} of other samples.',
        ...figures,
      )
    : label(
        'After {0} steps on the labels the loss of the student was {1} on what it had learned and {2} on other samples.',
        ...figures,
      );
  const { parameters, occurrences } = enlargement;
  const others = [
    parameters !== undefined &&
      label(
        'With {0} parameters it would learn so few samples by heart in a longer training.',
        formatInteger(parameters),
      ),
    occurrences !== undefined &&
      label(
        'A word occurs {0} times in the training texts on average, so that they alone do not tell what most words mean.',
        occurrences.toFixed(1),
      ),
  ].filter((each) => each !== false);
  return [found, ...others, consequence(enlargement)];
}

function consequence({ outcome, rows, augmentation }: Enlargement): LabelledText {
  switch (outcome) {
    case 'fits':
      return label('It does not learn them by heart, so it is taught on the samples as they are.');
    case 'blind':
      return label('The teacher sees through no change of the images that was tried, so they stay as they are.');
    case 'rows':
      return label(
        'So {0} rows are made from those of the table for the teacher to label (dataset.enlarge).',
        formatInteger(rows ?? 0),
      );
    case 'texts':
      return label(
        'So {0} texts are made from those that there are for the teacher to label (dataset.enlarge).',
        formatInteger(rows ?? 0),
      );
    case 'augmentation':
      return label(
        'So images are changed at random, as the teacher sees through (dataset.enlarge): {0}.',
        nameOf({ augmentation: augmentation ?? {} }),
      );
  }
}

/** A change in the words of the file: `shift 2`. */
function nameOf({ augmentation }: Pick<SeenAugmentation, 'augmentation'>): string {
  return Object.entries(augmentation)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? name : `${name} ${String(value)}`))
    .join(', ');
}
