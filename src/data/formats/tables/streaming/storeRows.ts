import type { Problem } from '../../../../errors.ts';
import { warning, type Finding } from '../../../findings/finding.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { listOf } from '../../../findings/wording.ts';
import type { Targets } from '../../../targets.ts';
import type { MarkedColumn } from '../doubts/marksForMissing.ts';
import type { WordRows } from '../doubts/unseenCategories.ts';
import { lacksValue, missingRows, type Column, type Table } from '../column.ts';
import { isDayFirst, momentOf } from '../times/dates.ts';
import { selectRows } from '../labelledRows.ts';
import { readTargets } from '../targets/tableTargets.ts';
import type { TablePlan } from '../understandTable.ts';
import { Growing } from './growing.ts';
import { BlockWriter, type RowBlocks } from './rowBlocks.ts';
import type { StoredFeature } from './storedFeature.ts';
import type { TableStream } from './tableStream.ts';

/** Persons of a table that are counted. */
const MOST_PERSONS = 2 ** 20;

/** A table whose features lie in a file; what else is known of its rows is in memory. */
export interface StoredTable {
  readonly rows: RowBlocks;
  readonly targets: Targets;
  /** For each row a number, the same where the column of groups has the same value. */
  readonly groups: Int32Array | undefined;
  /** When each row was. */
  readonly order: Float64Array | undefined;
  /** In how many rows each category is, and in which line first, by feature. */
  readonly words: ReadonlyMap<string, WordRows>;
  /** The numbers that stand for a missing value by what they are, with their rows. */
  readonly marks: readonly MarkedColumn[];
  /** Different values of columns that say of whom rows are; no more than `MOST_PERSONS`. */
  readonly persons: ReadonlyMap<string, number>;
  /** Rows in which each feature has no value. */
  readonly missing: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** What is counted in all rows: persons that they are of, and numbers that stand for a missing value by what they are. */
export interface Counted {
  readonly persons: readonly Column[];
  readonly marks: readonly MarkedColumn[];
}

/** A table that is stored: how it is read, and the sample by which it was understood. */
export interface SampledTable {
  readonly stream: TableStream;
  readonly sample: Table;
}

/**
 * Writes the features of a table to a file, without rows that lack what is to be predicted.
 *
 * @param plan made by the sample of the training table
 * @param places the columns that rows are divided by, where they are to be
 * @throws BadInputError naming what does not fit
 */
export async function storeRows(
  { stream, sample }: SampledTable,
  plan: TablePlan,
  features: readonly StoredFeature[],
  path: string,
  places: Pick<TablePlan, 'group' | 'time'> & Counted,
): Promise<StoredTable> {
  const targetNames = plan.targets.columns.map(({ name }) => name);
  const placed = [places.group?.name, places.time?.name].filter((name) => name !== undefined);
  const persons = new Map(places.persons.map(({ name }) => [name, new Set<number>()]));
  const names = new Set([...features.map(({ name }) => name), ...targetNames, ...placed, ...persons.keys()]);
  const columns = sample.columns.filter(({ name }) => names.has(name));
  const writer = new BlockWriter(path, features);
  const labels = new Growing((length) => new Int32Array(length));
  const numbers = new Growing((length) => new Float32Array(length));
  const groups = new Growing((length) => new Int32Array(length));
  const order = new Growing((length) => new Float64Array(length));
  const problems: Problem[] = [];
  const told = new Told(sample.file, places.marks);
  let width = 0;
  try {
    await stream.read(columns, (read) => {
      const rows = labelledOf(asInSample(read, columns), targetNames, told);
      const column = (name: string | undefined) => rows.columns.find((each) => each.name === name);
      const data = features.map((feature) => {
        const own = column(feature.name);
        const cells = own && feature.store(own, rows.count, problems);
        if (cells) told.note(feature, cells, rows);
        return cells?.data ?? new Int32Array(rows.count);
      });
      for (let row = 0; row < rows.count; row++) writer.add(data, row);
      const found = readTargets(rows, plan.targets, problems);
      if (found.kind === 'classes') labels.append(found.labels);
      if (found.kind === 'values') {
        width = found.width;
        numbers.append(found.values);
      }
      const group = column(places.group?.name);
      if (group) groups.append(Int32Array.from({ length: rows.count }, (_, row) => groupOf(group, row)));
      for (const [name, seen] of persons) {
        const of = column(name);
        for (let row = 0; of && row < rows.count && seen.size < MOST_PERSONS; row++) seen.add(groupOf(of, row));
      }
      const time = column(places.time?.name);
      if (time && places.time) order.append(momentsOf(rows, time, places.time, problems));
    });
    refuseIfAny(shortList(problems, 'rows'));
  } catch (error) {
    writer.close();
    throw error;
  }
  const targets: Targets =
    plan.targets.task.kind === 'classification'
      ? { kind: 'classes', labels: labels.finish() }
      : plan.targets.task.kind === 'matching'
        ? { kind: 'none' }
        : plan.targets.task.kind === 'reconstruction'
          ? { kind: 'samples' }
          : { kind: 'values', values: numbers.finish(), width };
  const stored = writer.finish();
  return {
    rows: stored,
    targets,
    groups: places.group && groups.finish(),
    order: places.time && order.finish(),
    words: told.words(sample.file, stored.count),
    persons: new Map([...persons].map(([name, seen]) => [name, seen.size])),
    marks: told.marks,
    missing: told.missing,
    findings: told.findings(targetNames),
  };
}

/** The rows that have what is to be predicted. */
function labelledOf(rows: Table, names: readonly string[], told: Told): Table {
  const targets = rows.columns.filter(({ name }) => names.includes(name));
  told.rows += rows.count;
  if (targets.every((target) => missingRows(target, rows.count) === 0)) return rows;
  const kept: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    if (targets.some((target) => lacksValue(target, row))) told.noteUnlabelled(rows.lineOf(row));
    else kept.push(row);
  }
  return selectRows(rows, kept);
}

/** Rows with what the sample knows of how their numbers are written. */
function asInSample(rows: Table, sampled: readonly Column[]): Table {
  const columns = rows.columns.map((column): Column => {
    const model = sampled.find(({ name }) => name === column.name);
    return column.kind === 'number' && model?.kind === 'number' && model.written
      ? { ...column, written: model.written }
      : column;
  });
  return { ...rows, columns };
}

/** A number for what a row has in a column. Two groups in four thousand million have the same, and then stay together. */
function groupOf(column: Column, row: number): number {
  const text =
    column.kind === 'number' ? String(column.values[row] ?? NaN) : (column.words[column.codes[row] ?? 0] ?? '');
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}

function momentsOf(rows: Table, column: Column, sampled: Column, problems: Problem[]): Float64Array {
  const form = { dayFirst: sampled.kind === 'words' && isDayFirst(sampled.words), isClock: false };
  const ofWord = column.kind === 'words' ? column.words.map((word) => momentOf(word, form)) : [];
  return Float64Array.from({ length: rows.count }, (_, row) => {
    const moment = column.kind === 'number' ? column.values[row] : ofWord[column.codes[row] ?? 0];
    if (moment === undefined || Number.isNaN(moment)) {
      problems.push({
        where: 'dataset.split.time',
        message: `Line ${rows.lineOf(row)} of ${rows.file} has no number or date for '${column.name}'.`,
        hint: 'Give numbers, or dates such as 2024-01-31 or 2024-01-31 12:00, in every row.',
      });
    }
    return moment ?? NaN;
  });
}

/** Gathers what is to be told of all rows. */
class Told {
  rows = 0;
  readonly missing = new Map<string, number>();
  readonly #file: string;
  readonly #huge = new Map<string, number>();
  readonly #undated = new Map<string, { readonly line: number; count: number }>();
  readonly #words = new Map<
    string,
    { readonly feature: StoredFeature; readonly rows: number[]; readonly lines: number[] }
  >();
  readonly #marks: ReadonlyMap<string, MarkedColumn & { rows: number }>;
  #unlabelled = 0;
  #firstUnlabelled = 0;

  /** @param marks numbers whose rows are counted, by what a sample tells */
  constructor(file: string, marks: readonly MarkedColumn[]) {
    this.#file = file;
    this.#marks = new Map(marks.map((mark) => [mark.name, { ...mark, rows: 0 }]));
  }

  get marks(): readonly MarkedColumn[] {
    return [...this.#marks.values()];
  }

  noteUnlabelled(line: number): void {
    if (this.#unlabelled++ === 0) this.#firstUnlabelled = line;
  }

  note(
    feature: StoredFeature,
    { data, missing, huge, undated }: ReturnType<StoredFeature['store']>,
    rows: Table,
  ): void {
    const { name } = feature;
    const mark = this.#marks.get(name);
    if (mark) for (let row = 0; row < rows.count; row++) if (data[row] === mark.value) mark.rows++;
    if (feature.kind === 'words') {
      const found = this.#words.get(name) ?? { feature, rows: [], lines: [] };
      this.#words.set(name, found);
      for (let row = 0; row < rows.count; row++) {
        const code = data[row] ?? 0;
        found.rows[code] = (found.rows[code] ?? 0) + 1;
        found.lines[code] ??= rows.lineOf(row);
      }
    }
    this.missing.set(name, (this.missing.get(name) ?? 0) + missing);
    if (huge !== undefined && !this.#huge.has(name)) this.#huge.set(name, rows.lineOf(huge));
    if (undated.first === undefined) return;
    const known = this.#undated.get(name) ?? { line: rows.lineOf(undated.first), count: 0 };
    known.count += undated.count;
    this.#undated.set(name, known);
  }

  /** @param count rows that are kept */
  words(file: string, count: number): ReadonlyMap<string, WordRows> {
    return new Map(
      [...this.#words].map(([name, { feature, rows, lines }]) => {
        const words = feature.words.map((word, code) => ({ word, rows: rows[code] ?? 0, line: lines[code] ?? 0 }));
        return [name, { file, count, words }];
      }),
    );
  }

  findings(targets: readonly string[]): readonly Finding[] {
    const unlabelled =
      this.#unlabelled === 0
        ? []
        : [
            warning(
              'dataset.path',
              `${this.#file}: ${this.#unlabelled} of ${this.rows} rows, line ${this.#firstUnlabelled} first, have no value for ${listOf(targets)}, which is to be predicted, and are left out.`,
              'Fill it in where it is known. In a file of their own, named in dataset.unlabelled, such rows are learned from the teacher.',
            ),
          ];
    return [
      ...unlabelled,
      ...[...this.#huge].map(([name, line]) =>
        warning(
          'dataset.path',
          `In the column '${name}' of ${this.#file}, the number in line ${line} and what else is larger than a network can hold count as missing values.`,
        ),
      ),
      ...[...this.#undated].map(([name, { line, count }]) =>
        warning(
          'dataset.path',
          `In the column '${name}' of ${this.#file}, which has dates, ${count} cells are none (line ${line} first) and count as missing values.`,
        ),
      ),
    ];
  }
}

/** Refuses a table of which no row is left. */
export function refuseEmpty({ rows }: StoredTable, file: string): void {
  if (rows.count === 0) refuseIfAny([pathProblem(`${file} has no row with what is to be predicted.`)]);
}
