/** Channels that are kept or dropped together wherever they appear, since additions and the like tie them. */
export class ChannelSpace {
  readonly size: number;
  #tied: ChannelSpace | undefined;
  #fixed = false;

  constructor(size: number) {
    this.size = size;
  }

  /** The space that stands for all spaces tied to this one. */
  get root(): ChannelSpace {
    return this.#tied ? this.#tied.root : this;
  }

  /** Whether all channels have to stay. */
  get isFixed(): boolean {
    return this.root.#fixed;
  }

  fix(): void {
    this.root.#fixed = true;
  }

  /** From now on both keep the same channels. */
  tie(other: ChannelSpace): void {
    const [root, added] = [this.root, other.root];
    if (root === added) return;
    added.#tied = root;
    root.#fixed ||= added.#fixed;
  }
}

/** Channels of one space along an axis; each takes `spread` neighbouring positions, as after flattening an image. */
export interface Part {
  readonly space: ChannelSpace;
  readonly spread: number;
}

/** Along which axis of a value its channels lie; several parts where spaces were concatenated. */
export interface Channels {
  readonly axis: number;
  readonly parts: readonly Part[];
}

/** Positions along the axis that remain when every space keeps the channels that `kept` gives for its root. */
export function keptPositions(
  parts: readonly Part[],
  kept: (root: ChannelSpace) => readonly number[],
): readonly number[] {
  let offset = 0;
  return parts.flatMap(({ space, spread }) => {
    const start = offset;
    offset += space.size * spread;
    return kept(space.root).flatMap((channel) =>
      Array.from({ length: spread }, (_, position) => start + channel * spread + position),
    );
  });
}

/** Number of positions along the axis. */
export function positionCount(parts: readonly Part[]): number {
  return parts.reduce((sum, { space, spread }) => sum + space.size * spread, 0);
}
