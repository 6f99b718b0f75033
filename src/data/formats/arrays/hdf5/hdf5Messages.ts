/** Where the numbers of an array lie. Addresses count from the beginning of the HDF5 file. */
export type Hdf5Storage =
  | { readonly kind: 'whole'; readonly address: number }
  | {
      readonly kind: 'chunks';
      /** Root of the tree that lists them; undefined where none was written. */
      readonly tree: number | undefined;
      readonly shape: readonly number[];
      /** Numbers of the filters, in the order in which they were applied. */
      readonly filters: readonly number[];
    }
  /** Nothing was written. */
  | { readonly kind: 'none' };

/** An array of numbers in an HDF5 file. */
export interface Hdf5Array {
  /** Its path, without the first `/`. */
  readonly name: string;
  /** As NumPy writes it: `<f4`. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly storage: Hdf5Storage;
  /** The bytes of an element that was not written. */
  readonly fill: readonly number[];
}

/** What is no array of numbers, and why. */
export interface Hdf5Other {
  readonly name: string;
  readonly what: string;
  /** Whether it cannot even be told what it is, so that arrays may be missing. */
  readonly isLost: boolean;
}

/** What an HDF5 file holds. */
export interface Hdf5Contents {
  readonly arrays: readonly Hdf5Array[];
  readonly others: readonly Hdf5Other[];
}

/** What the process that looks into an HDF5 file tells. */
export type Hdf5Message =
  | { readonly kind: 'progress'; readonly allowanceMs: number }
  | { readonly kind: 'done'; readonly contents: Hdf5Contents }
  | { readonly kind: 'refused'; readonly reason: string };
