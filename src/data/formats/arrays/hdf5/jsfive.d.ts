/** What is used of jsfive, which has no types of its own. */
declare module 'jsfive' {
  /** A message of an object's header; `offset_to_message` is where in the file its content begins. */
  type Message = ReadonlyMap<'type' | 'flags' | 'offset_to_message', number>;

  interface DataObjects {
    readonly offset: number;
    readonly shape: readonly number[];
    /** As NumPy writes types (`<f4`, `S10`), or a list for those that are no numbers. @throws for what it does not know */
    readonly dtype: string | readonly unknown[];
    readonly chunks: readonly number[] | null;
    readonly _chunk_address: number | null;
    readonly filter_pipeline: readonly ReadonlyMap<string, unknown>[] | null;
    find_msg_type(type: number): readonly Message[];
    determine_data_shape(file: ArrayBuffer, offset: number): readonly number[];
    get_attributes(): Readonly<Record<string, unknown>>;
  }

  export class Group {
    readonly keys: readonly string[];
    readonly _dataobjects: DataObjects;
    get(name: string): Group | Dataset | null;
  }

  export class Dataset {
    readonly _dataobjects: DataObjects;
  }

  export class File extends Group {
    constructor(file: ArrayBuffer, name: string);
  }
}
