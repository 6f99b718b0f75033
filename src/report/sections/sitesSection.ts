import { formatInteger, formatPercent } from '../format.ts';
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
        label('On its own classes'),
        label('Validation accuracy'),
        label('Test accuracy'),
      ],
      rows: [
        ...sites.sites.map(({ name, classes, validation, ownAccuracy }) => [
          name,
          formatInteger(classes.reduce((sum, { samples }) => sum + samples, 0)),
          classes
            .filter(({ samples }) => samples > 0)
            .map((each) => `${each.name} (${formatInteger(each.samples)})`)
            .join(', '),
          share(ownAccuracy),
          share(validation.accuracy),
          '–',
        ]),
        [
          label('All together'),
          formatInteger(sites.sites.flatMap(({ classes }) => classes).reduce((sum, { samples }) => sum + samples, 0)),
          '',
          '–',
          share(sites.validation.accuracy),
          share(sites.test.accuracy),
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

function share(value: number | null): string {
  return value === null ? '–' : formatPercent(value);
}
