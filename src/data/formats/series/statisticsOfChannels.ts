import type { ChannelStatistics } from '../../channelStatistics.ts';

/** Mean and deviation of every channel, over all samples and places. A channel that never changes has deviation 1. @param values [samples, channels, length] */
export function statisticsOfChannels(values: Float32Array, channels: number, length: number): ChannelStatistics {
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
  return { mean, std: Array.from(squares, (sum) => Math.sqrt(sum / perChannel) || 1) };
}
