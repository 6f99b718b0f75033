import type { Finding } from './finding.ts';
import type { LateFindings } from './lateFindings.ts';
import type { ChannelStatistics, Normalization } from './normalization.ts';
import type { Preparation } from './preparation.ts';
import type { ColumnKind } from './tables/judgeColumn.ts';
import type { Targets } from './targets.ts';
import type { Samples, Task } from './task.ts';

/** The samples of one split. */
export interface Split {
  readonly count: number;
  readonly targets: Targets;
  /**
   * Writes the samples at `indices` (0 … count − 1, in any order, repeated or not) into `target`
   * ([indices.length, ...sampleShape], row-major, images channel-first). Values are scaled to 0…1 and then normalised
   * as the experiment asks; tokens are their indices.
   */
  read(indices: ArrayLike<number>, target: Float32Array): Promise<void>;
  /** The same samples normalised, where the split can do that while it reads; see `normalizeSplit`. */
  normalized?(statistics: ChannelStatistics): Split;
  /**
   * What tells these samples from others, without making their values: a text that changes when one of them, or its preparation,
   * does. Left out where only the values tell.
   */
  readonly identify?: ((indices: ArrayLike<number>) => Promise<string>) | undefined;
  /** Only of samples that are not in memory, and are made when they are read. */
  readonly stream?: SampleStream | undefined;
}

/** What can be done with samples that are made when they are read, beside reading them. */
export interface SampleStream {
  /**
   * Tells which samples of the split will be read next, in which order, so that they can be made meanwhile. It replaces what was
   * told before, and makes no difference to what is read.
   */
  announce(indices: ArrayLike<number>): void;
  /**
   * Hashes of samples as they are encoded, two words for each. They are found out beside what is read, which comes first. Left out where
   * samples are made of nothing that is kept.
   *
   * @throws DistilleryError `CANCELLED` when the dataset is closed meanwhile
   */
  readonly fingerprints?: ((indices: ArrayLike<number>) => Promise<Uint32Array>) | undefined;
}

/** A dataset that was opened and understood. */
export interface Dataset {
  /** What was recognised, such as `IDX` or `image folders`. */
  readonly format: string;
  readonly task: Task;
  readonly samples: Samples;
  /** Dimensions of one sample, such as [1, 28, 28]; the number of tokens for texts. */
  readonly sampleShape: readonly number[];
  readonly training: Split;
  readonly validation: Split;
  readonly test: Split;
  /** What was done to the data, and is to be done to whatever the student is used on. */
  readonly preparation: Preparation;
  /** What a person should know about the data. */
  readonly findings: readonly Finding[];
  /** What is found out later; left out where all samples were read. */
  readonly lateFindings?: LateFindings | undefined;
  /** What would take too long to be found out while the dataset is opened; left out where there is nothing. */
  readonly examineLater?: ((signal: AbortSignal) => Promise<readonly Finding[]>) | undefined;
  dispose(): Promise<void>;
}

/** How images are brought to one size while they are read. */
export interface Resize {
  readonly height: number;
  readonly width: number;
  /** `cover` keeps proportions and crops what stands out on both sides; `stretch` keeps everything. */
  readonly fit: 'cover' | 'stretch';
}

/** The `dataset` part of an experiment, with every default filled in. */
export interface DatasetOptions {
  /** A folder or file, relative to the experiment's folder or absolute, or `builtin:digits`. */
  readonly path: string;
  /** Share of the training samples that is set aside for validation, 0…1, when the data brings no validation split. */
  readonly validation: number;
  /** Share of the samples that is set aside for the test, 0…1, when the data brings no test split. */
  readonly test: number;
  /** Number of training samples to use, the same number of every class where possible; all when left out. */
  readonly limit?: number | undefined;
  /** Names of classes that the training split lacks; validation and test keep them. */
  readonly exclude?: readonly string[] | undefined;
  readonly normalization: Normalization;
  /** Height and width that images are brought to; by default they must all have one size. */
  readonly resize?: readonly number[] | undefined;
  /** How they are brought to it. */
  readonly fit: Resize['fit'];
  /** Whether corrupt images are refused; otherwise they are skipped and named in a finding. */
  readonly strict?: boolean | undefined;
  /** What is to be learned; by default what the labels allow. */
  readonly task?: Task['kind'] | undefined;
  /** Names of the columns of a table that are to be predicted. */
  readonly target?: string | readonly string[] | undefined;
  /** What columns of a table are used as; by default their contents tell. */
  readonly columns?: Readonly<Record<string, ColumnKind>> | undefined;
  /** Samples with equal values in the column `group` of a table stay in one split. */
  readonly split?: { readonly group: string } | undefined;
  /** Whether numbers of tables, those to be predicted too, are brought to mean 0 and deviation 1 of the training split. */
  readonly scaling: 'standard' | 'none';
  /** A Hugging Face `tokenizer.json`; by default one is made from the words of the training split. */
  readonly tokenizer?: string | undefined;
  /** Tokens of a text; longer texts are cut off. */
  readonly length: number;
  /** Most words of a tokenizer that is made from the training split. */
  readonly vocabulary: number;
}

/** Circumstances under which a dataset is opened. */
export interface OpenContext {
  /** Folder that a relative path starts from. */
  readonly baseDirectory: string;
  /** Decides which samples go to which split. */
  readonly seed: number;
  /** Size that images are brought to. */
  readonly resize?: Resize | undefined;
  /** Refuses corrupt images instead of skipping them. */
  readonly strict?: boolean | undefined;
  /** Aborting makes opening fail with the code `CANCELLED`. */
  readonly signal?: AbortSignal;
  /** Bytes that decoded images may take; by default a share of the machine's memory. */
  readonly memory?: number | undefined;
  /** Told about files read so far, where there are many; at most about a hundred times. */
  readonly onProgress?: (done: number, total: number) => void;
}
