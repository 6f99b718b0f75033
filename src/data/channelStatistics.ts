/** Mean and standard deviation of each channel, of values scaled to 0…1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}
