/** What a column of a table holds, and what it is used as. */
export interface ColumnSurvey {
  readonly name: string;
  readonly use: 'target' | 'number' | 'category' | 'date' | 'text' | 'group' | 'left out';
  /** Rows without a value. */
  readonly missing: number;
  /** Different values; null where there are more than are counted. */
  readonly distinct: number | null;
  /** Null of words, and where there are no numbers. */
  readonly range: { readonly least: number; readonly most: number; readonly mean: number } | null;
  /** The most frequent values, as they are written; none of numbers with many. */
  readonly frequent: readonly { readonly value: string; readonly rows: number }[];
}

/** Which columns are predicted, why, and which others might be. */
export interface TargetSurvey {
  readonly columns: readonly string[];
  readonly reason: string;
  readonly alternatives: readonly string[];
}

/** What is in a training table. */
export interface TableSurvey {
  readonly rows: number;
  readonly columns: readonly ColumnSurvey[];
  readonly target: TargetSurvey | null;
}

/** What images are before they are brought to one form, by the headers of some of them. */
export interface ImageSurvey {
  readonly images: number;
  readonly lookedAt: number;
  /** Most frequent first. */
  readonly sizes: readonly { readonly width: number; readonly height: number; readonly images: number }[];
  /** Such as `PNG, RGB` or `JPEG, CMYK`; most frequent first. */
  readonly kinds: readonly { readonly kind: string; readonly images: number }[];
  /** Images whose camera noted that they are to be turned. */
  readonly turned: number;
}

/** What lies in a dataset's files, before anything is made of it. */
export interface Survey {
  readonly table?: TableSurvey | undefined;
  readonly images?: ImageSurvey | undefined;
}
