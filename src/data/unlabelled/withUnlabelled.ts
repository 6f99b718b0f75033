import type { Dataset, DatasetOptions, OpenContext } from '../dataset.ts';
import { LateFindings } from '../findings/lateFindings.ts';
import type { Split } from '../samples/split.ts';
import { joinSplits } from './joinSplits.ts';
import { openUnlabelled } from './openUnlabelled.ts';
import { synthesize } from './synthesize/synthesize.ts';

/**
 * The dataset with the samples without labels that the experiment names, and the rows or texts that it asks to be made. It disposes of all.
 *
 * @throws BadInputError with everything that is wrong with them
 */
export async function withUnlabelled(
  dataset: Dataset,
  options: DatasetOptions,
  context: OpenContext,
): Promise<Dataset> {
  const opened = await openUnlabelled(dataset, options, context);
  const made = await synthesize(dataset, options.synthesize, { ...context, tokenizer: options.tokenizer });
  const splits: readonly Split[] = [opened?.split, made?.split].filter((split) => split !== undefined);
  if (splits.length === 0) return dataset;
  return {
    ...dataset,
    unlabelled: joinSplits(splits),
    findings: [...dataset.findings, ...(opened?.findings ?? []), ...(made?.findings ?? [])],
    lateFindings: together(
      [dataset.lateFindings, ...(opened?.lateFindings ?? [])].filter((each) => each !== undefined),
    ),
    dispose: async () => {
      await opened?.dispose();
      await dataset.dispose();
    },
  };
}

function together(all: readonly LateFindings[]): LateFindings | undefined {
  if (all.length < 2) return all[0];
  const joined = new LateFindings();
  for (const each of all) {
    each.watch((finding) => {
      joined.add(finding);
    });
  }
  return joined;
}
