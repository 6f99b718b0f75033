import type { ChannelStatistics } from './channelStatistics.ts';
import type { Problem } from '../errors.ts';
import type { Split } from './samples/split.ts';

/** Statistics that the training splits of well-known datasets have, and that models trained on them expect. */
export const NORMALIZATION_PRESETS = {
  mnist: { mean: [0.1307], std: [0.3081] },
  cifar10: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
} as const satisfies Readonly<Record<string, ChannelStatistics>>;

/** What is done to values scaled to 0…1: (x − mean) / std per channel, or nothing; `auto`: what their format thinks right. */
export type Normalization = 'auto' | 'none' | keyof typeof NORMALIZATION_PRESETS | ChannelStatistics;

/** The statistics that a normalisation stands for; undefined for `none`, and for `auto`, which says none. */
export function channelStatistics(normalization: Normalization): ChannelStatistics | undefined {
  if (normalization === 'auto' || normalization === 'none') return undefined;
  return typeof normalization === 'string' ? NORMALIZATION_PRESETS[normalization] : normalization;
}

/** What is wrong with normalising samples of `channels` channels like this. */
export function normalizationProblems(normalization: Normalization, channels: number): readonly Problem[] {
  const statistics = channelStatistics(normalization);
  if (!statistics) return [];
  const { mean, std } = statistics;
  if (mean.length === channels && std.length === channels) return [];
  const name = typeof normalization === 'string' ? `'${normalization}'` : 'The normalisation';
  const given =
    mean.length === std.length
      ? `has values for ${counted(mean.length)}`
      : `has ${mean.length} means and ${std.length} standard deviations`;
  return [
    {
      where: 'dataset.normalization',
      message: `${name} ${given}, but the samples have ${counted(channels)}.`,
      hint: `Give a mean and a std for ${channels === 1 ? 'the one channel' : `each of the ${channels} channels`}, or use 'none'.`,
    },
  ];
}

/** The split with every value normalised; samples are [channels, …] as `statistics` has channels. */
export function normalizeSplit(split: Split, statistics: ChannelStatistics | undefined): Split {
  if (!statistics) return split;
  if (split.normalized) return split.normalized(statistics);
  const identify = split.identify?.bind(split);
  return {
    count: split.count,
    targets: split.targets,
    read: async (indices, target) => {
      await split.read(indices, target);
      normalizeInPlace(target, indices.length, statistics);
    },
    identify: identify && (async (indices) => `${JSON.stringify(statistics)} ${await identify(indices)}`),
  };
}

function normalizeInPlace(values: Float32Array, samples: number, { mean, std }: ChannelStatistics): void {
  const channels = mean.length;
  const plane = values.length / (samples * channels);
  let position = 0;
  for (let row = 0; row < samples * channels; row++) {
    const channelMean = mean[row % channels] ?? 0;
    const channelStd = std[row % channels] ?? 1;
    for (const end = position + plane; position < end; position++) {
      values[position] = ((values[position] ?? 0) - channelMean) / channelStd;
    }
  }
}

function counted(channels: number): string {
  return channels === 1 ? '1 channel' : `${channels} channels`;
}
