import type { Report } from './report.ts';
import { rareClass } from './rareClass.ts';
import type { ReportSection } from './reportSection.ts';
import type { SizedNetwork } from './sizedNetworks.ts';
import { adviceSection } from './sections/adviceSection.ts';
import { attentionSection } from './sections/attentionSection.ts';
import { changedInputsSection } from './sections/changedInputsSection.ts';
import { classQualitySection } from './sections/classQualitySection.ts';
import { confusionSection } from './sections/confusionSection.ts';
import { decisionsSection } from './sections/decisionsSection.ts';
import { differencesSection } from './sections/differencesSection.ts';
import { disagreementsSection } from './sections/disagreementsSection.ts';
import { crossFittedTeacherSection, enlargementSection, epochChoiceSection } from './sections/teachingSections.ts';
import { matchingSection } from './sections/matchingSection.ts';
import { membersSection } from './sections/membersSection.ts';
import { provenanceSection } from './sections/provenanceSection.ts';
import { rateSection } from './sections/rateSection.ts';
import { reliabilitySection } from './sections/reliabilitySection.ts';
import { foldsSection } from './sections/foldsSection.ts';
import { seedsSection } from './sections/seedsSection.ts';
import { sitesSection } from './sections/sitesSection.ts';
import { sizesSection } from './sections/sizesSection.ts';
import { speedSection } from './sections/speedSection.ts';
import { targetsSection } from './sections/targetsSection.ts';
import { trialsSection } from './sections/trialsSection.ts';
import { variantsSection } from './sections/variantsSection.ts';

/**
 * The parts that a report has, in order.
 * @param networks of the run and of others on the same data, as `sizedNetworks` gives them, where they are known
 */
export function reportSections(report: Report, networks: readonly SizedNetwork[] = []): readonly ReportSection[] {
  // Where one of two classes is rare, accuracy and what follows from it say little.
  const isRare = rareClass(report) !== undefined;
  const parts = [
    isRare ? decisionsSection(report) : undefined,
    differencesSection(report),
    crossFittedTeacherSection(report),
    epochChoiceSection(report),
    enlargementSection(report),
    rateSection(report),
    trialsSection(report),
    speedSection(report),
    attentionSection(report),
    membersSection(report),
    sitesSection(report),
    seedsSection(report),
    foldsSection(report),
    variantsSection(report),
    sizesSection(report, networks),
    isRare ? undefined : decisionsSection(report),
    targetsSection(report),
    classQualitySection(report),
    reliabilitySection(report),
    confusionSection(report),
    disagreementsSection(report),
    changedInputsSection(report),
    matchingSection(report),
    provenanceSection(report),
    adviceSection(report),
  ];
  return parts.filter((part) => part !== undefined);
}
