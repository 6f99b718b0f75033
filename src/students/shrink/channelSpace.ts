/** A channel, as all layers know it that compute, pass on or read it. */
export class Channel {
  #joined: Channel | undefined;
  #isFixed = false;

  /** The one that stands for all channels that are kept or dropped with this one. */
  get root(): Channel {
    if (!this.#joined) return this;
    this.#joined = this.#joined.root;
    return this.#joined;
  }

  /** Whether it has to stay. */
  get isFixed(): boolean {
    return this.root.#isFixed;
  }

  fix(): void {
    this.root.#isFixed = true;
  }

  /** From now on both are kept, or both are dropped. */
  join(other: Channel): void {
    const [root, added] = [this.root, other.root];
    if (root === added) return;
    added.#joined = root;
    root.#isFixed ||= added.#isFixed;
  }
}

/** Channels that lie one after the other. Additions and the like join those of several spaces. */
export class ChannelSpace {
  readonly channels: readonly Channel[];

  /** @param channels or how many new ones */
  constructor(channels: number | readonly Channel[]) {
    this.channels = typeof channels === 'number' ? Array.from({ length: channels }, () => new Channel()) : channels;
  }

  get size(): number {
    return this.channels.length;
  }

  /** Whether all channels have to stay. */
  get isFixed(): boolean {
    return this.channels.every((channel) => channel.isFixed);
  }

  fix(): void {
    for (const channel of this.channels) channel.fix();
  }
}

/** Whether a channel is kept. */
export type Keeps = (channel: Channel) => boolean;

/** Channels of one space along an axis; each takes `spread` neighbouring positions, as after flattening an image. */
export interface Part {
  readonly space: ChannelSpace;
  readonly spread: number;
}

/** Along which axis of a value its channels lie; several parts where spaces were concatenated. */
export interface Channels {
  readonly axis: number;
  readonly parts: readonly Part[];
  /** Whether they stand there once for every sample, as heads do that are joined with the batch; how many positions there are is open. */
  readonly isPerSample?: boolean;
}

/** The channel at every position along the axis. */
export function channelsAlong(parts: readonly Part[]): Channel[] {
  return parts.flatMap(({ space: { channels }, spread }) =>
    spread === 1 ? channels : channels.flatMap((channel) => new Array<Channel>(spread).fill(channel)),
  );
}

/** Positions along the axis that remain. */
export function keptPositions(parts: readonly Part[], keeps: Keeps): readonly number[] {
  return channelsAlong(parts).flatMap((channel, position) => (keeps(channel) ? [position] : []));
}

/** Number of positions along the axis. */
export function positionCount(parts: readonly Part[]): number {
  return parts.reduce((sum, { space, spread }) => sum + space.size * spread, 0);
}

/** Channels of their own at neighbouring positions. */
export function onePart(channels: readonly Channel[]): readonly Part[] {
  return [{ space: new ChannelSpace(channels), spread: 1 }];
}

/**
 * Positions as [before, size, behind], which are kept or dropped together for all of `before` and `behind`.
 * @returns the channels along the axis `size`
 */
export function joinAround(
  positions: readonly Channel[],
  { before, size, behind }: { readonly before: number; readonly size: number; readonly behind: number },
): Channel[] {
  return Array.from({ length: size }, (_, index) => {
    const channel = positions[index * behind];
    if (!channel) throw new RangeError('There are fewer channels than positions.');
    for (let row = 0; row < before; row++) {
      for (let column = 0; column < behind; column++) {
        const other = positions[(row * size + index) * behind + column];
        if (other) channel.join(other);
      }
    }
    return channel;
  });
}
