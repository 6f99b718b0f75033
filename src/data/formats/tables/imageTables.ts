import { isAbsolute, join, normalize } from 'node:path';
import { BadInputError, type Problem } from '../../errors.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { isImageName } from '../formats/decodeImage.ts';
import type { EncodedImage } from '../formats/encodedImage.ts';
import { openImages } from '../formats/openImages.ts';
import { allOrProblems, pathProblem, refuseIfAny, shortList } from '../problems.ts';
import type { UnfittedSource } from '../source.ts';
import { selectTargets, strataOf, type Targets } from '../targets.ts';
import { chooseTargets } from './chooseTargets.ts';
import type { Table } from './column.ts';
import type { TableReader, TableReaders } from './tableReaders.ts';
import { fitTargets, readTargets, scaleTargets } from './tableTargets.ts';

/**
 * The table with the images that a column of paths names, without that column; the table itself when there is none.
 *
 * @param folder that paths start from
 * @throws BadInputError naming every path that leads out of the folder
 */
export function withImages(table: Table, folder: string): Table {
  if (table.images) return table;
  const column = table.columns.find((each) => each.kind === 'words' && each.words.every(isImageName));
  if (column?.kind !== 'words') return table;
  const problems: Problem[] = [];
  const images = Array.from({ length: table.count }, (_, row): EncodedImage => {
    const name = column.words[column.codes[row] ?? 0] ?? '';
    if (leadsOut(name)) {
      problems.push(
        pathProblem(
          `Line ${table.lineOf(row)} of ${table.file} names ${name}, which is not in the folder of the file.`,
          'Paths of images start from the folder of the file and stay in it.',
        ),
      );
    }
    return { name, content: join(folder, name) };
  });
  refuseIfAny(shortList(problems, 'lines'));
  return { ...table, columns: table.columns.filter((each) => each !== column), images };
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || /^(?:[A-Za-z]:|[\\/])/.test(path) || normalize(path).split(/[\\/]/).includes('..');
}

interface ImageSplit {
  readonly targets: Targets;
  /** The place of its first image. */
  readonly first: number;
  readonly count: number;
}

/** Images that tables bring or name, with what is to be predicted of them in other columns. */
export async function imageTablesSource(
  readers: TableReaders,
  training: Table,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const storage = new Map(training.columns.map(({ name, kind }) => [name, kind]));
  const readOther = async (read: TableReader | undefined): Promise<Table | undefined> => {
    const table = read && withImages(await read(storage), readers.folder);
    if (table && !table.images)
      throw new BadInputError([pathProblem(`${table.file} has no images.`, 'Every split needs them.')]);
    return table;
  };
  const [validation, test] = await allOrProblems<[Table | undefined, Table | undefined]>([
    readOther(readers.validation),
    readOther(readers.test),
  ]);
  const problems: Problem[] = [];
  const chosen = chooseTargets(training, options, problems);
  if (!chosen) throw new BadInputError(problems);
  const tables = [training, validation, test].filter((table) => table !== undefined);
  const targets = tables.map((table) => readTargets(table, chosen, problems));
  refuseIfAny(problems);
  const images = await openImages(
    tables.flatMap((table) => table.images ?? []),
    context,
  );
  let first = 0;
  const splits = tables.map((table, index): ImageSplit => {
    const split = { first, count: table.count, targets: targets[index] ?? { kind: 'none' } };
    first += table.count;
    return split;
  });
  const [trained] = splits;
  if (!trained) throw new TypeError('There is always a training table.');
  const usable = images.usable(trained.first, trained.count);
  const count = usable.length;
  const usableTargets = selectTargets(trained.targets, usable);
  return {
    format: `${readers.format} of images`,
    count,
    strata: strataOf(usableTargets, count),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) => {
      const scales = fitTargets(chosen, usableTargets, rows, options.scaling === 'standard');
      const [trainedOn, ...others] = splits.map((split) =>
        images.split(split.first, split.count, scaleTargets(split.targets, scales)),
      );
      const second = validation && others.shift();
      const third = test && others.shift();
      if (!trainedOn) throw new TypeError('There is always a training table.');
      return {
        format: `${readers.format} of images`,
        task: chosen.task,
        samples: { kind: 'values' },
        sampleShape: images.sampleShape,
        training: trainedOn,
        ...(second && { validation: second }),
        ...(third && { test: third }),
        preparation: { kind: 'pixels', normalization: null, ...(scales.length > 0 && { targets: scales }) },
        findings: images.findings,
      };
    },
    ...images.late,
  };
}
