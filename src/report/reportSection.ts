import type { ReliabilityBin, ShownSample } from './quality.ts';
import { inEnglish, type LabelledText, type ReportText } from './wording/reportText.ts';
import type { WrittenTable } from './reportTable.ts';
import type { SizedNetwork } from './sizedNetworks.ts';

/** A table, ready to be drawn: the first cell of a row is its heading. */
export interface SectionTable {
  readonly head: readonly ReportText[];
  readonly rows: readonly (readonly ReportText[])[];
}

/** Networks by size and quality. */
export interface SizesFigure {
  readonly kind: 'sizes';
  readonly networks: readonly SizedNetwork[];
  readonly measure: 'accuracy' | 'loss';
  /** The teacher's quality; null without one. */
  readonly teacher: number | null;
}

/** What is drawn beside a table, where drawings are possible. */
export type SectionFigure =
  | SizesFigure
  | { readonly kind: 'reliability'; readonly bins: readonly ReliabilityBin[] }
  | {
      readonly kind: 'confusion';
      readonly classes: readonly string[];
      readonly counts: readonly (readonly number[])[];
    };

/** A sample that is worth a look, and what is to be said of it. */
export interface SectionSample {
  readonly shown: ShownSample | null;
  readonly heading: LabelledText;
  readonly lines: readonly LabelledText[];
}

export type SectionId =
  | 'decisions'
  | 'targets'
  | 'differences'
  | 'speed'
  | 'attention'
  | 'members'
  | 'seeds'
  | 'folds'
  | 'sites'
  | 'variants'
  | 'sizes'
  | 'class-quality'
  | 'reliability'
  | 'confusion'
  | 'disagreements'
  | 'changed-inputs'
  | 'matching'
  | 'provenance'
  | 'trials'
  | 'cross-fitted-teacher'
  | 'epoch-choice'
  | 'enlargement'
  | 'rate'
  | 'advice'
  | 'contributions'
  | 'answers';

/** A part of the report after its first table: the same in the terminal, the panel, HTML and Markdown. */
export interface ReportSection {
  readonly id: SectionId;
  readonly title: LabelledText;
  /** Long ones are folded away where that is possible, and left out in the terminal. */
  readonly isLong: boolean;
  readonly sentences: readonly LabelledText[];
  readonly table?: SectionTable;
  readonly figure?: SectionFigure;
  readonly samples?: readonly SectionSample[];
}

/** The table in English. */
export function writtenTable(
  { head, rows }: SectionTable,
  write: (text: ReportText) => string = inEnglish,
): WrittenTable {
  return { head: head.map((text) => write(text)), rows: rows.map((row) => row.map((text) => write(text))) };
}
