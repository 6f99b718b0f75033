import type { OpenContext, Split } from './dataset.ts';
import type { Samples, Task } from './task.ts';

/** What a person's path points at. */
export interface Location {
  /** Absolute path of the folder, or of the folder that the file lies in. */
  readonly folder: string;
  /** Names in the folder, sorted, without hidden ones. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Name of the file, when the path points at a file in the folder. */
  readonly file: string | undefined;
}

/**
 * What a format makes of the files: samples with values of 0…1, before anything that the experiment asks for (splits,
 * limit, normalisation). Splits that the data does not bring are left out.
 */
export interface Source {
  readonly format: string;
  readonly task: Task;
  readonly samples: Samples;
  readonly sampleShape: readonly number[];
  readonly training: Split;
  readonly validation?: Split;
  readonly test?: Split;
}

/** A way in which datasets lie on disk. */
export interface Format {
  /** What the format looks like, as an item of a list: `image folders: …`. */
  readonly description: string;
  /** True when the location looks like this format; `open` then says what is wrong with it, if anything. */
  recognises(location: Location): boolean;
  /** @throws BadInputError with everything that is wrong with the files */
  open(location: Location, context: OpenContext): Promise<Source>;
}
