import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** That a run went on with other data, labels or networks than it began with. */
export function changedInputsSection({ changedInputs }: Report): ReportSection | undefined {
  if (changedInputs.length === 0) return undefined;
  return {
    id: 'changed-inputs',
    title: label('Changed while the run was interrupted'),
    isLong: false,
    sentences: changedInputs.map((name) =>
      label('The run went on, as was asked, with another {0} than it began with.', name),
    ),
  };
}
