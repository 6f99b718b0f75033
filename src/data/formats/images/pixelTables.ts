import type { ChannelStatistics } from '../../channelStatistics.ts';

/** For every channel the float32 of each byte: 0…255 as 0…1, and then normalised where there are statistics. */
export function pixelTables(channels: number, statistics: ChannelStatistics | undefined): readonly Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const table = Float32Array.from({ length: 256 }, (_value, byte) => byte / 255);
    const { mean, std } = statistics ?? {};
    return mean && std ? table.map((value) => (value - (mean[channel] ?? 0)) / (std[channel] ?? 1)) : table;
  });
}

/**
 * Writes the pixels of an image channel by channel, as the tables have them.
 * @param bytes the channels of each pixel side by side
 */
export function writePixels(bytes: Uint8Array, tables: readonly Float32Array[], target: Float32Array): void {
  const channels = tables.length;
  const plane = target.length / channels;
  for (const [channel, table] of tables.entries()) {
    let from = channel;
    for (let to = channel * plane; to < (channel + 1) * plane; to++, from += channels) {
      target[to] = table[bytes[from] ?? 0] ?? 0;
    }
  }
}
