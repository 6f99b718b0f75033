import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { Quality } from '../quality.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import type { TaughtBySites } from '../sites.ts';
import { label, type LabelledText } from '../wording/reportText.ts';

/** Who taught at which site, with how many samples of which classes, and how well. */
export function sitesSection({ sites }: Report): ReportSection | undefined {
  if (!sites) return undefined;
  return {
    id: 'sites',
    title: label('Teachers at sites'),
    isLong: false,
    sentences: [
      label('Each site kept its data and its network; only what it says of the public samples was used.'),
      weightingText(sites.weighting),
    ],
    table: {
      head: [
        label('Site'),
        label('Samples'),
        label('Classes'),
        label('Validation accuracy'),
        label('Validation loss'),
        label('Test accuracy'),
      ],
      rows: [
        ...sites.sites.map(({ name, classes, validation }) => [
          name,
          formatInteger(classes.reduce((sum, { samples }) => sum + samples, 0)),
          classes
            .filter(({ samples }) => samples > 0)
            .map((each) => `${each.name} (${formatInteger(each.samples)})`)
            .join(', '),
          ...qualityCells(validation),
          '–',
        ]),
        [
          label('All together'),
          formatInteger(sites.sites.flatMap(({ classes }) => classes).reduce((sum, { samples }) => sum + samples, 0)),
          '',
          ...qualityCells(sites.validation),
          accuracyCell(sites.test),
        ],
      ],
    },
  };
}

function weightingText(weighting: TaughtBySites['weighting']): LabelledText {
  switch (weighting) {
    case 'familiarity':
      return label('Sites count more for samples that are like their own, and less for samples that are not.');
    case 'confidence':
      return label('Sites count by how many samples of a class they have, and more where they are sure.');
    case 'class-counts':
      return label('Sites count, class by class, by how many samples of it they have.');
    case 'mean':
      return label('All sites count alike.');
  }
}

function qualityCells(quality: Quality): readonly string[] {
  return [accuracyCell(quality), formatLoss(quality.loss)];
}

function accuracyCell({ accuracy }: Quality): string {
  return accuracy === null ? '–' : formatPercent(accuracy);
}
