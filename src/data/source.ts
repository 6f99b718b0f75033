import type { DatasetOptions, OpenContext } from './dataset.ts';
import type { Split } from './samples/split.ts';
import type { Finding } from './findings/finding.ts';
import type { LateFindings } from './findings/lateFindings.ts';
import type { OwnUnits } from './ownUnits.ts';
import type { Preparation } from './preparation.ts';
import type { Samples, Task } from './task.ts';
import type { Survey } from './survey/survey.ts';

/** What a person's path points at. */
export interface Location {
  /** Absolute path of the folder, or of the folder that the file lies in. */
  readonly folder: string;
  /** Names in the folder, sorted, without hidden ones. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Name of the file, when the path points at a file in the folder. */
  readonly file: string | undefined;
  /** Name of the archive that it was unpacked from, where it was. */
  readonly archive?: string | undefined;
  /** Where images lie that a table names, where that is not the folder. */
  readonly imagesFolder?: string | undefined;
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
  /** Left out where values are of 0…1, or were brought to a scale already. */
  readonly ownUnits?: OwnUnits | undefined;
  /** What was done to the data beforehand; left out for pixels that were only divided by 255. */
  readonly preparation?: Preparation;
  readonly findings?: readonly Finding[];
  /** What is only found out while samples are read; left out where they are in memory. */
  readonly lateFindings?: LateFindings;
  /** Looks at what lies in the files, for whoever wants to see it; left out where the shape of a sample says it all. */
  readonly survey?: (() => Promise<Survey>) | undefined;
  /** Ends what reads samples; left out where they are in memory. */
  dispose?(): Promise<void>;
}

/** What a format makes of files whose samples are made by what is learned from the training split, such as means. */
export interface UnfittedSource {
  readonly format: string;
  /** Number of samples that are not in a validation or test split of their own. */
  readonly count: number;
  /** For each of these samples the group of which every split gets the same share. */
  readonly strata: Int32Array;
  /** For each of these samples the group that must stay in one split. */
  readonly groups?: Int32Array;
  /** When each of these samples was, where later ones are to be judged on, as any numbers. */
  readonly order?: Float64Array;
  /** The splits that the data brings. */
  readonly brings: { readonly validation: boolean; readonly test: boolean };
  /**
   * Makes the samples.
   *
   * @param rows the samples among the `count` that are trained on
   * @throws BadInputError when they take too much memory
   */
  fit(rows: Int32Array): Source | Promise<Source>;
  /** What is only found out while samples are read; left out where they are in memory. */
  readonly lateFindings?: LateFindings;
  /** Looks at what lies in the files, for whoever wants to see it; left out where the shape of a sample says it all. */
  readonly survey?: (() => Promise<Survey>) | undefined;
  /** Ends what reads samples; left out where they are in memory. */
  dispose?(): Promise<void>;
}

/** A way in which datasets lie on disk. */
export interface Format {
  /** What the format looks like, as an item of a list: `image folders: …`. */
  readonly description: string;
  /** True when the location looks like this format; `open` then says what is wrong with it, if anything. */
  recognises(location: Location): boolean | Promise<boolean>;
  /** @throws BadInputError with everything that is wrong with the files */
  open(location: Location, context: OpenContext, options: DatasetOptions): Promise<Source | UnfittedSource>;
}
