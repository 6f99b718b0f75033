import type { Dataset } from '../../data/dataset.ts';
import { warning, type Finding } from '../../data/findings/finding.ts';
import { openDataset } from '../../data/openDataset.ts';
import type { Split } from '../../data/samples/split.ts';
import { countRepeated } from '../../data/splits/findDuplicates.ts';
import type { ImageSurvey, TableSurvey } from '../../data/survey/survey.ts';
import { classesOf, type Task } from '../../data/task.ts';
import { BadInputError } from '../../errors.ts';
import { datasetSchema } from '../../experiment/schema/dataset.ts';
import type * as z from 'zod';

type DatasetInput = z.input<typeof datasetSchema>;

/** A split, and whether the data bring it or it was drawn from the training samples. */
export interface SplitInspection {
  readonly samples: number;
  readonly origin: 'brought' | 'drawn';
}

/** What data were taken for, and what there is to know about them. */
export interface DataInspection {
  readonly path: string;
  /** What was recognised, such as `CSV` or `image folders`. */
  readonly format: string;
  readonly task: Task['kind'];
  /** Dimensions of one sample. */
  readonly sampleShape: readonly number[];
  readonly splits: {
    readonly training: SplitInspection;
    readonly validation: SplitInspection;
    readonly test: SplitInspection;
  };
  /** Samples of each class, in the order of a network's outputs; none where a sample has not one class. */
  readonly classes: readonly {
    readonly name: string;
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  }[];
  /** Numbers that are predicted. */
  readonly targets: readonly string[];
  readonly table: TableSurvey | null;
  readonly images: ImageSurvey | null;
  /** Training samples that equal an earlier one; null where that was not compared. */
  readonly repeated: number | null;
  readonly findings: readonly Finding[];
}

/** Size that images of many sizes are brought to, for the rest to be looked at. */
const ANY_SIZE = [32, 32];

/**
 * Opens data as a run would and tells what they are taken for. Images of several sizes, which a run refuses, are told as such.
 *
 * @param given the section `dataset` of an experiment
 * @throws BadInputError with everything for which a run would refuse them
 */
export async function inspectData(
  given: DatasetInput,
  { baseDirectory, signal }: { readonly baseDirectory: string; readonly signal?: AbortSignal },
): Promise<DataInspection> {
  const { dataset, findings } = await openAnySize(given, baseDirectory, signal);
  try {
    const { table, images } = (await dataset.survey?.()) ?? {};
    const late = signal ? ((await dataset.examineLater?.(signal)) ?? []) : [];
    const { task, training, validation, test, brings } = dataset;
    const names = classesOf(task);
    const counts = [training, validation, test].map((split) => countsOf(split, names.length));
    const hasClasses = training.targets.kind === 'classes';
    const origin = (isBrought: boolean): SplitInspection['origin'] => (isBrought ? 'brought' : 'drawn');
    return {
      path: given.path,
      format: dataset.format,
      task: task.kind,
      sampleShape: dataset.sampleShape,
      splits: {
        training: { samples: training.count, origin: 'brought' },
        validation: { samples: validation.count, origin: origin(brings.validation) },
        test: { samples: test.count, origin: origin(brings.test) },
      },
      classes: hasClasses
        ? names.map((name, label) => ({
            name,
            training: counts[0]?.[label] ?? 0,
            validation: counts[1]?.[label] ?? 0,
            test: counts[2]?.[label] ?? 0,
          }))
        : [],
      targets: task.kind === 'regression' ? task.targets : [],
      table: table ?? null,
      images: images ?? null,
      repeated: (await countRepeated(dataset)) ?? null,
      // How many samples there are is in the figures.
      findings: [...findings, ...dataset.findings, ...late].filter(
        ({ severity, where }) => severity === 'warning' || where !== 'dataset',
      ),
    };
  } finally {
    await dataset.dispose();
  }
}

async function openAnySize(
  given: DatasetInput,
  baseDirectory: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly dataset: Dataset; readonly findings: readonly Finding[] }> {
  const open = (options: DatasetInput): Promise<Dataset> =>
    openDataset(datasetSchema.parse(options), { baseDirectory, seed: 0, ...(signal && { signal }) });
  try {
    return { dataset: await open(given), findings: [] };
  } catch (error) {
    if (!(error instanceof BadInputError) || given.resize !== undefined) throw error;
    // What opens once sizes are brought to one had nothing else wrong with it.
    const dataset = await open({ ...given, resize: ANY_SIZE }).catch(() => undefined);
    if (!dataset) throw error;
    const message = 'The images have several sizes, which a run refuses; for this look they were brought to 32 × 32.';
    const hint = 'Set dataset.resize to the height and width that the teacher takes.';
    return { dataset, findings: [warning('dataset.resize', message, hint)] };
  }
}

function countsOf({ targets }: Split, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  if (targets.kind !== 'classes') return counts;
  for (const label of targets.labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
