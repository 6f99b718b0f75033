import { BadInputError, type Problem } from '../../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { openImages } from '../../images/openImages.ts';
import { refuseIfAny } from '../../../findings/problems.ts';
import type { UnfittedSource } from '../../../source.ts';
import { selectTargets, strataOf, type Targets } from '../../../targets.ts';
import { chooseTargets } from '../targets/chooseTargets.ts';
import type { Column } from '../column.ts';
import type { LabelledTables } from '../labelledRows.ts';
import { surveyTable } from '../../../survey/surveyTable.ts';
import { fitTargets, readTargets, scaleTargets } from '../targets/tableTargets.ts';

interface ImageSplit {
  readonly targets: Targets;
  /** The place of its first image. */
  readonly first: number;
  readonly count: number;
}

/** Tables that have images, as they were read. */
export interface ImageTables extends LabelledTables {
  readonly format: string;
}

/** Beside images nothing of a table is used but what is predicted. */
const chosenOnly = { features: [], content: 'values', dates: new Map<Column, unknown>(), group: undefined } as const;

/** Images that tables bring or name, with what is to be predicted of them in other columns. */
export async function imageTablesSource(
  { format, training, validation, test, target, findings }: ImageTables,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const problems: Problem[] = [];
  const chosen = chooseTargets(training, { ...options, target, teacher: context.teacher }, problems);
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
    format: `${format} of images`,
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
        format: `${format} of images`,
        task: chosen.task,
        samples: { kind: 'values' },
        sampleShape: images.sampleShape,
        training: trainedOn,
        ...(second && { validation: second }),
        ...(third && { test: third }),
        preparation: { kind: 'pixels', normalization: null, ...(scales.length > 0 && { targets: scales }) },
        findings: [...findings, ...chosen.findings, ...images.findings],
      };
    },
    ...images.late,
    survey: async () => ({
      ...(await images.late.survey?.()),
      table: surveyTable(training, { ...chosenOnly, targets: chosen.columns, findings: chosen.findings }, options),
    }),
  };
}
