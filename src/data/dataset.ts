import type { Finding } from './findings/finding.ts';
import type { LateFindings } from './findings/lateFindings.ts';
import type { Normalization } from './normalization.ts';
import type { Preparation } from './preparation.ts';
import type { ColumnKind } from './formats/tables/classifyColumn.ts';
import type { Resize } from './resize.ts';
import type { Split } from './samples/split.ts';
import type { Fold } from './splits/divideFold.ts';
import type { TeacherWidths } from './formats/tables/targets/numberedClasses.ts';
import type { Samples, Task } from './task.ts';
import type { Survey } from './survey/survey.ts';

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
  /** Samples without labels that a teacher labels, prepared as the training split; left out where there are none. */
  readonly unlabelled?: Split | undefined;
  /** What was done to the data, and is to be done to whatever the student is used on. */
  readonly preparation: Preparation;
  /** What a person should know about the data. */
  readonly findings: readonly Finding[];
  /** What is found out later; left out where all samples were read. */
  readonly lateFindings?: LateFindings | undefined;
  /** What would take too long to be found out while the dataset is opened; left out where there is nothing. */
  readonly examineLater?: ((signal: AbortSignal) => Promise<readonly Finding[]>) | undefined;
  /** Looks at what lies in the files; left out where the shape of a sample says it all. */
  readonly survey?: (() => Promise<Survey>) | undefined;
  /** The splits that the data bring; the others were drawn. */
  readonly brings: { readonly validation: boolean; readonly test: boolean };
  dispose(): Promise<void>;
}

/** How rows of a table, or texts, are made from others. */
export interface SynthesizeOptions {
  /** How many rows or texts. */
  readonly rows: number;
  /** Share of the columns that a row takes from its nearest neighbour, 0…1. */
  readonly swap: number;
  /** Numbers are drawn around the neighbour's with their distance divided by this for deviation. */
  readonly spread: number;
  /** Share of the words of a text that are hidden, 0…1. */
  readonly mask: number;
  /** Share of the words of a text in whose place others stand, 0…1. */
  readonly replace: number;
  /** Share of the texts of which only a few words in a row are left, 0…1. */
  readonly fragment: number;
}

/** The `dataset` part of an experiment, with every default filled in. */
export interface DatasetOptions {
  /** A folder or file, relative to the experiment's folder or absolute, or `builtin:digits`. */
  readonly path: string;
  /** Which table is meant where the file holds several: a file in an archive, a sheet, a table or query of a database. */
  readonly table?: string | undefined;
  /** The encoding of files of text that are not UTF-8, such as `windows-1251`; by default their words tell. */
  readonly encoding?: string | undefined;
  /** Share of the training samples that is set aside for validation, 0…1, when the data brings no validation split. */
  readonly validation: number;
  /** Share of the samples that is set aside for the test, 0…1, when the data brings no test split. */
  readonly test: number;
  /** Number of training samples to use, every class with its share of them; all when left out. */
  readonly limit?: number | undefined;
  /** Folders or files of samples without labels, which the student is taught on as well. */
  readonly unlabelled?: string | readonly string[] | undefined;
  /** Rows or texts that are made from those of the training split, and labelled by the teacher; see `munge` and `alterText`. */
  readonly synthesize?: SynthesizeOptions | undefined;
  /** Names of classes that the training split lacks; validation and test keep them. */
  readonly exclude?: readonly string[] | undefined;
  readonly normalization: Normalization;
  /** Height and width that images are brought to; by default they must all have one size. */
  readonly resize?: readonly number[] | undefined;
  /** How they are brought to it. */
  readonly fit: Resize['fit'];
  /** What the shorter side is brought to before the middle is cut out; by default what just covers. */
  readonly shorterSide?: number | undefined;
  /** Whether images are turned as their cameras noted in the EXIF data. */
  readonly orientation?: boolean | undefined;
  /** Which folders are classes of images where folders lie within folders; by default what they are called tells. */
  readonly classFolders?: 'outermost' | 'innermost' | undefined;
  /** Whether corrupt images are refused; otherwise they are skipped and named in a finding. */
  readonly strict?: boolean | undefined;
  /** What is to be learned; by default what the labels allow. */
  readonly task?: Task['kind'] | undefined;
  /** Names of the columns of a table that are to be predicted. */
  readonly target?: string | readonly string[] | undefined;
  /** What columns of a table are used as; by default their contents tell. */
  readonly columns?: Readonly<Record<string, ColumnKind>> | undefined;
  /**
   * Samples with equal values in the column `group` of a table stay in one split; or the latest by the column `time` are judged on.
   */
  readonly split?: { readonly group?: string | undefined; readonly time?: string | undefined } | undefined;
  /** Which of several divisions of the training samples is wanted, in place of the test that the data bring or that is drawn. */
  readonly fold?: Fold | undefined;
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
  /** The encoding of files of text that are not UTF-8; by default their words tell. */
  readonly encoding?: string | undefined;
  /** Turns images as their cameras noted. */
  readonly orientation?: boolean | undefined;
  /** Refuses corrupt images instead of skipping them. */
  readonly strict?: boolean | undefined;
  /** What a teacher that exists already takes and gives, where that is known: it settles what the data leave open. */
  readonly teacher?: TeacherWidths | undefined;
  /** Aborting makes opening fail with the code `CANCELLED`. */
  readonly signal?: AbortSignal;
  /** Bytes that decoded images may take; by default a share of the machine's memory. */
  readonly memory?: number | undefined;
  /** Told about files read so far, where there are many; at most about a hundred times. */
  readonly onProgress?: (done: number, total: number) => void;
}
