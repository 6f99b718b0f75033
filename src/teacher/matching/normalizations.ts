import { channelStatistics, NORMALIZATION_PRESETS, type Normalization } from '../../data/normalization.ts';
import type { ChannelStatistics } from '../../data/channelStatistics.ts';
import type { Adaptation } from './adaptNetwork.ts';

/** Values that a network of images may want, beside those of a dataset: of −1…1, or of 0…255. */
export type TeacherNormalization = Normalization | 'signed' | 'bytes';

interface Known {
  readonly name: string;
  /** Of values scaled to 0…1; a single one holds for every channel. */
  readonly statistics: ChannelStatistics;
  /** The number of channels that it is for; left out for any. */
  readonly channels?: number;
}

const KNOWN: readonly Known[] = [
  { name: 'values of 0…1', statistics: { mean: [0], std: [1] } },
  { name: 'values of −1…1', statistics: { mean: [0.5], std: [0.5] } },
  { name: 'values of 0…255', statistics: { mean: [0], std: [1 / 255] } },
  { name: "ImageNet's normalisation", statistics: NORMALIZATION_PRESETS.imagenet, channels: 3 },
  { name: "CIFAR-10's normalisation", statistics: NORMALIZATION_PRESETS.cifar10, channels: 3 },
  { name: "MNIST's normalisation", statistics: NORMALIZATION_PRESETS.mnist, channels: 1 },
];

/** The statistics that a normalisation stands for. */
export function teacherStatistics(normalization: TeacherNormalization): ChannelStatistics {
  if (normalization === 'signed') return { mean: [0.5], std: [0.5] };
  if (normalization === 'bytes') return { mean: [0], std: [1 / 255] };
  return channelStatistics(normalization) ?? { mean: [0], std: [1] };
}

/** The normalisations that are tried for images of so many channels. */
export function triedNormalizations(channels: number): readonly Known[] {
  return KNOWN.filter((known) => known.channels === undefined || known.channels === channels);
}

/**
 * What turns values of one normalisation into those of another; undefined where they are the same.
 *
 * @param present how the samples are normalised; null where they are not
 * @param wanted how a network wants them
 */
export function affineBetween(
  present: ChannelStatistics | null,
  wanted: ChannelStatistics,
  channels: number,
): Adaptation['affine'] {
  const at = (values: readonly number[] | undefined, channel: number, fallback: number): number =>
    values?.[values.length === 1 ? 0 : channel] ?? fallback;
  const each = Array.from({ length: channels }, (_, channel) => {
    const [mean, std] = [at(present?.mean, channel, 0), at(present?.std, channel, 1)];
    const [wantedMean, wantedStd] = [at(wanted.mean, channel, 0), at(wanted.std, channel, 1)];
    return { scale: std / wantedStd, offset: (mean - wantedMean) / wantedStd };
  });
  const isSame = each.every(({ scale, offset }) => Math.abs(scale - 1) < 1e-6 && Math.abs(offset) < 1e-6);
  return isSame ? undefined : { scale: each.map(({ scale }) => scale), offset: each.map(({ offset }) => offset) };
}
