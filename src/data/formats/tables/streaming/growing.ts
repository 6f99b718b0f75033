type Numbers = Int32Array | Float32Array | Float64Array;

/** Numbers of which it is not known beforehand how many there will be. */
export class Growing<Data extends Numbers> {
  readonly #make: (length: number) => Data;
  #data: Data;
  #length = 0;

  constructor(make: (length: number) => Data) {
    this.#make = make;
    this.#data = make(2 ** 13);
  }

  append(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#data.length) {
      const longer = this.#make(Math.ceil(1.25 * length));
      longer.set(this.#data.subarray(0, this.#length));
      this.#data = longer;
    }
    this.#data.set(values, this.#length);
    this.#length = length;
  }

  /** All of them. */
  finish(): Data {
    const all = this.#make(this.#length);
    all.set(this.#data.subarray(0, this.#length));
    return all;
  }
}
