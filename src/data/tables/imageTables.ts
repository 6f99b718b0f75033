import { readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { BadInputError, type Problem } from '../../errors.ts';
import { ByteSamples } from '../byteSamples.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { isImageName } from '../formats/decodeImage.ts';
import { keptOf, readImages, type EncodedImage } from '../formats/readImages.ts';
import { allOrProblems, pathProblem, refuseIfAny, shortList } from '../problems.ts';
import { selectSamples } from '../selectSamples.ts';
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
    return { name, read: () => readFile(join(folder, name)) };
  });
  refuseIfAny(shortList(problems, 'lines'));
  return { ...table, columns: table.columns.filter((each) => each !== column), images };
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || /^(?:[A-Za-z]:|[\\/])/.test(path) || normalize(path).split(/[\\/]/).includes('..');
}

interface ImageSplit {
  readonly targets: Targets;
  readonly pixels: Uint8Array;
  /** Rows whose images are not corrupt. */
  readonly kept: Int32Array;
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
  const images = await readImages(
    tables.flatMap((table) => table.images ?? []),
    context,
  );
  const { sampleShape, bytes, findings } = images;
  const size = sampleShape.reduce((product, dimension) => product * dimension, 1);
  let start = 0;
  const splits = tables.map((table, index): ImageSplit => {
    const pixels = bytes.subarray(start * size, (start + table.count) * size);
    const kept = keptOf(images, start, table.count);
    start += table.count;
    return { pixels, targets: targets[index] ?? { kind: 'none' }, kept };
  });
  const [trained] = splits;
  if (!trained) throw new TypeError('There is always a training table.');
  const count = trained.kept.length;
  const own = selectTargets(trained.targets, trained.kept);
  return {
    format: `${readers.format} of images`,
    count,
    strata: strataOf(own, count),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) => {
      const scales = fitTargets(chosen, own, rows, options.scaling === 'standard');
      const [first, ...others] = splits.map(({ pixels, targets: unscaled, kept }) =>
        selectSamples(new ByteSamples(pixels, scaleTargets(unscaled, scales), size), kept),
      );
      const second = validation && others.shift();
      const third = test && others.shift();
      if (!first) throw new TypeError('There is always a training table.');
      return {
        format: `${readers.format} of images`,
        task: chosen.task,
        samples: { kind: 'values' },
        sampleShape,
        training: first,
        ...(second && { validation: second }),
        ...(third && { test: third }),
        preparation: { kind: 'pixels', normalization: null, ...(scales.length > 0 && { targets: scales }) },
        findings,
      };
    },
  };
}
