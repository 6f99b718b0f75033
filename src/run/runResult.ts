import type { Report } from '../report/report.ts';

/** How a run ended. A cancelled run has a report when the student was finished already. */
export type RunResult =
  | { readonly state: 'finished'; readonly report: Report }
  | { readonly state: 'cancelled'; readonly report?: Report };
