import { formatInteger, formatLoss } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** How the learning rate was chosen where the experiment leaves it open. */
export function rateSection({ rate }: Report): ReportSection | undefined {
  if (!rate) return undefined;
  return {
    id: 'rate',
    title: label('How the learning rate was chosen'),
    isLong: false,
    sentences: [
      label(
        'Chosen: {0}, by the validation loss after {1} steps on the labels.',
        String(rate.chosen),
        formatInteger(rate.steps),
      ),
    ],
    table: {
      head: [label('Learning rate'), label('Training loss'), label('Validation loss')],
      rows: rate.trials.map(({ learningRate, outcome }) => [
        String(learningRate),
        outcome ? formatLoss(outcome.training.loss) : '–',
        outcome ? formatLoss(outcome.validation.loss) : '–',
      ]),
    },
  };
}
