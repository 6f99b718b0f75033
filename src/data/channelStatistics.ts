/** How many times a mean or a deviation of 1 is far. */
const FAR = 3;
/** A deviation so small is far, too; images that are nearly blank have larger ones. */
const NARROW = 0.03;
/** A deviation of so little of the mean is what rounding leaves of a channel that never changes: float32 has steps of 6e-8. */
const ROUNDING = 1e-6;

/** Mean and standard deviation of each channel, of values scaled to 0…1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Mean and deviation of every channel, over all samples and places. A channel that never changes, but for rounding, has deviation 1. @param values [samples, channels, length] */
export function statisticsOfChannels(
  values: Uint8Array | Float32Array | Float64Array,
  channels: number,
  length: number,
): ChannelStatistics {
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const rows = values.length / length;
  const perChannel = (rows / channels) * length;
  const eachValue = (see: (channel: number, value: number) => void): void => {
    for (let row = 0; row < rows; row++) {
      for (const value of values.subarray(row * length, (row + 1) * length)) see(row % channels, value);
    }
  };
  eachValue((channel, value) => {
    sums[channel] = (sums[channel] ?? 0) + value;
  });
  const mean = Array.from(sums, (sum) => sum / perChannel);
  eachValue((channel, value) => {
    squares[channel] = (squares[channel] ?? 0) + (value - (mean[channel] ?? 0)) ** 2;
  });
  const std = Array.from(squares, (sum, channel) => {
    const deviation = Math.sqrt(sum / perChannel);
    return deviation > ROUNDING * Math.abs(mean[channel] ?? 0) ? deviation : 1;
  });
  return { mean, std };
}

/** Whether values are so far from mean 0 and deviation 1 that a network which begins at random hardly learns from them. */
export function areFarFromStandard({ mean, std }: ChannelStatistics): boolean {
  return mean.some((value) => Math.abs(value) > FAR) || std.some((value) => value > FAR || value < NARROW);
}
