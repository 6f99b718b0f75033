/** A vector: where its elements begin, and how many there are. */
export interface FlatVector {
  readonly start: number;
  readonly count: number;
}

/**
 * A table in the FlatBuffers encoding (https://flatbuffers.dev/internals/), in which Arrow describes its data. Fields are counted
 * from 0; one that the table leaves out is undefined. What leads out of the bytes throws a RangeError.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;
  readonly #fields: number;
  readonly #fieldsSize: number;

  /** @param at where the distance to the table lies */
  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#position = at + view.getInt32(at, true);
    this.#fields = this.#position - view.getInt32(this.#position, true);
    this.#fieldsSize = view.getInt16(this.#fields, true);
  }

  uint8(field: number): number | undefined {
    const at = this.#find(field);
    return at === undefined ? undefined : this.#view.getUint8(at);
  }

  /** A whole number of 64 bits. */
  int64(field: number): number | undefined {
    const at = this.#find(field);
    return at === undefined ? undefined : Number(this.#view.getBigInt64(at, true));
  }

  table(field: number): FlatTable | undefined {
    const at = this.#find(field);
    return at === undefined ? undefined : new FlatTable(this.#view, at);
  }

  /** @param size bytes of an element */
  vector(field: number, size: number): FlatVector {
    const at = this.#find(field);
    if (at === undefined) return { start: 0, count: 0 };
    const base = at + this.#view.getInt32(at, true);
    const count = this.#view.getInt32(base, true);
    const start = base + 4;
    if (count < 0 || start + count * size > this.#view.byteLength) throw new RangeError('a vector leads out of it');
    return { start, count };
  }

  tables(field: number): readonly FlatTable[] {
    const { start, count } = this.vector(field, 4);
    return Array.from({ length: count }, (_, index) => new FlatTable(this.#view, start + 4 * index));
  }

  #find(field: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry >= this.#fieldsSize) return undefined;
    const offset = this.#view.getInt16(this.#fields + entry, true);
    return offset === 0 ? undefined : this.#position + offset;
  }
}
