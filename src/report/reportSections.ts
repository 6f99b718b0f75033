import type { Report } from './report.ts';
import type { ReportSection } from './reportSection.ts';
import type { SizedNetwork } from './sizedNetworks.ts';
import { attentionSection } from './sections/attentionSection.ts';
import { classQualitySection } from './sections/classQualitySection.ts';
import { confusionSection } from './sections/confusionSection.ts';
import { decisionsSection } from './sections/decisionsSection.ts';
import { differencesSection } from './sections/differencesSection.ts';
import { disagreementsSection } from './sections/disagreementsSection.ts';
import { matchingSection } from './sections/matchingSection.ts';
import { membersSection } from './sections/membersSection.ts';
import { provenanceSection } from './sections/provenanceSection.ts';
import { reliabilitySection } from './sections/reliabilitySection.ts';
import { seedsSection } from './sections/seedsSection.ts';
import { sizesSection } from './sections/sizesSection.ts';
import { targetsSection } from './sections/targetsSection.ts';
import { variantsSection } from './sections/variantsSection.ts';

/**
 * The parts that a report has, in order.
 * @param networks of the run and of others on the same data, as `sizedNetworks` gives them, where they are known
 */
export function reportSections(report: Report, networks: readonly SizedNetwork[] = []): readonly ReportSection[] {
  const parts = [
    differencesSection(report),
    attentionSection(report),
    membersSection(report),
    seedsSection(report),
    variantsSection(report),
    sizesSection(report, networks),
    decisionsSection(report),
    targetsSection(report),
    classQualitySection(report),
    reliabilitySection(report),
    confusionSection(report),
    disagreementsSection(report),
    matchingSection(report),
    provenanceSection(report),
  ];
  return parts.filter((part) => part !== undefined);
}
