import { areFarFromStandard, type ChannelStatistics } from './channelStatistics.ts';
import { information, type Finding } from './findings/finding.ts';
import { channelStatistics, type Normalization } from './normalization.ts';
import type { Task } from './task.ts';

/** Values that are stored in units of their own, and so may be far from those that a network which begins at random learns from. */
export interface OwnUnits {
  /** Which of them are scaled where nothing is said: all, or those that are far, unless the samples themselves are to be given back or matched. */
  readonly scaled: 'always' | 'where-far';
  /** Mean and deviation of every channel, over all that was stored to train with. */
  statistics(): ChannelStatistics;
}

/** What samples are normalised with, and what is to be told of it. */
export interface ChosenNormalization {
  readonly statistics: ChannelStatistics | undefined;
  readonly findings: readonly Finding[];
}

/** What the samples of a source are normalised with: what the experiment says, and where it leaves that open, what their units need. */
export function chooseNormalization(
  { ownUnits, task }: { readonly ownUnits?: OwnUnits | undefined; readonly task: Task },
  asked: Normalization,
): ChosenNormalization {
  if (asked !== 'auto' || !ownUnits) {
    const statistics = channelStatistics(asked);
    return { statistics, findings: ownUnits?.scaled === 'always' && !statistics ? [asTheyAre()] : [] };
  }
  const isAlways = ownUnits.scaled === 'always';
  if (!isAlways && (task.kind === 'matching' || task.kind === 'reconstruction')) {
    return { statistics: undefined, findings: [] };
  }
  const statistics = ownUnits.statistics();
  if (!isAlways && !areFarFromStandard(statistics)) return { statistics: undefined, findings: [] };
  return { statistics, findings: [scaled(statistics)] };
}

function asTheyAre(): Finding {
  return information(
    'dataset.normalization',
    'The values are taken as they are; dataset.normalization scales them by channel.',
  );
}

function scaled({ mean, std }: ChannelStatistics): Finding {
  const range = (values: readonly number[]): string =>
    [...new Set([Math.min(...values), Math.max(...values)].map((value) => value.toPrecision(3)))].join(' to ');
  return information(
    'dataset.path',
    `The values have means of ${range(mean)} and deviations of ${range(std)}, and are brought to mean 0 and deviation 1 by channel; dataset.normalization 'none' leaves them as they are.`,
  );
}
