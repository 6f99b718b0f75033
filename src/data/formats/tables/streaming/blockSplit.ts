import { createHash } from 'node:crypto';
import type { ColumnCode } from '../../../preparation.ts';
import type { SampleStream, Split } from '../../../samples/split.ts';
import type { Targets } from '../../../targets.ts';
import { TableSplit } from '../encodeColumns.ts';
import type { BlockData, RowBlocks } from './rowBlocks.ts';
import { tableOf, type StoredFeature } from './storedFeature.ts';

/** What the rows of a split are made of. */
export interface BlockRows {
  readonly blocks: RowBlocks;
  readonly features: readonly StoredFeature[];
  readonly codes: readonly ColumnCode[];
  /** Bytes of rows that are held. */
  readonly memory: number;
}

/** A block in memory: its rows as samples, and as they are stored. */
interface HeldBlock {
  readonly samples: TableSplit;
  readonly data: BlockData;
}

/** Rows of a file as samples. The blocks that were used last are held. */
export class BlockSplit implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly stream: SampleStream;
  readonly #rows: BlockRows;
  readonly #width: number;
  readonly #mostHeld: number;
  readonly #held = new Map<number, Promise<HeldBlock>>();

  /** @param width values of a sample */
  constructor(rows: BlockRows, targets: Targets, width: number) {
    this.count = rows.blocks.count;
    this.targets = targets;
    this.#rows = rows;
    this.#width = width;
    this.#mostHeld = Math.max(2, Math.floor(rows.memory / rows.blocks.layout.bytes));
    const size = rows.blocks.layout.rows;
    this.stream = {
      announce: () => undefined,
      fingerprints: (indices) => this.#fingerprints(indices),
      blocks: { of: (index) => Math.floor(index / size), together: this.#mostHeld },
    };
  }

  async read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    target.fill(0);
    await this.#each(indices, ({ samples }, row, place) => {
      samples.writeRow(row, target, place * this.#width);
    });
  }

  identify(indices: ArrayLike<number>): Promise<string> {
    const { blocks, features, codes } = this.#rows;
    const words = features.map((feature) => [feature.name, feature.words]);
    const hash = createHash('sha256').update(JSON.stringify([blocks.sha256, words, codes]));
    const places = Int32Array.from(indices);
    hash.update(new Uint8Array(places.buffer));
    return Promise.resolve(hash.digest('hex'));
  }

  /** Gives each of the samples with its block, block by block. */
  async #each(indices: ArrayLike<number>, take: (block: HeldBlock, row: number, place: number) => void): Promise<void> {
    const size = this.#rows.blocks.layout.rows;
    const places = new Map<number, number[]>();
    for (let place = 0; place < indices.length; place++) {
      const block = Math.floor((indices[place] ?? 0) / size);
      const known = places.get(block);
      if (known) known.push(place);
      else places.set(block, [place]);
    }
    for (const [block, own] of places) {
      const held = await this.#block(block);
      for (const place of own) take(held, (indices[place] ?? 0) - block * size, place);
    }
  }

  #block(block: number): Promise<HeldBlock> {
    const known = this.#held.get(block);
    const reading = known ?? this.#read(block);
    // What was used last is let go last.
    if (known) this.#held.delete(block);
    this.#held.set(block, reading);
    const [oldest] = this.#held.keys();
    if (this.#held.size > this.#mostHeld && oldest !== undefined) this.#held.delete(oldest);
    return reading;
  }

  async #read(block: number): Promise<HeldBlock> {
    const { blocks, features, codes } = this.#rows;
    const data = await blocks.read(block);
    return { data, samples: new TableSplit(tableOf(features, data), codes, { kind: 'none' }) };
  }

  /** Of rows as they are stored, two words each. */
  async #fingerprints(indices: ArrayLike<number>): Promise<Uint32Array> {
    const hashes = new Uint32Array(2 * indices.length);
    const number = new Float64Array(1);
    const words = new Uint32Array(number.buffer);
    await this.#each(indices, ({ data }, row, place) => {
      let [one, other] = [0x811c9dc5, 0x9747b28c];
      for (const column of data) {
        number[0] = column[row] ?? NaN;
        for (const word of words) {
          one = Math.imul(one ^ word, 0x01000193);
          other = Math.imul(other ^ (word >>> 15) ^ word, 0x85ebca6b);
          one ^= one >>> 13;
          other ^= other >>> 16;
        }
      }
      hashes[2 * place] = one;
      hashes[2 * place + 1] = other;
    });
    return hashes;
  }
}
