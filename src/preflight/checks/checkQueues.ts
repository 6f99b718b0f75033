import type { Problem } from '../../errors.ts';
import type { Experiment } from '../../experiment/schema.ts';
import type { ObjectiveTerm } from '../../objectives/objectiveTerm.ts';

/** What queues of the teacher's features cannot be used with: sites whose data stay with them, as a worker's state travels with its weights. */
export function checkQueues({ rounds }: Experiment, objective: readonly ObjectiveTerm[]): readonly Problem[] {
  if (!rounds?.sites) return [];
  return objective.flatMap((term, index) =>
    'queue' in term && term.queue !== undefined
      ? [
          {
            where: `objective[${index}].queue`,
            message:
              "A queue holds the teacher's features of a site's samples, and would leave the site with its weights.",
            hint: "Leave `queue` out, or choose a loss without one, such as 'hint'.",
          },
        ]
      : [],
  );
}
