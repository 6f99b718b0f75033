import { resolve } from 'node:path';
import * as z from 'zod';
import type { Dataset } from '../../data/dataset.ts';
import { openDataset } from '../../data/openDataset.ts';
import { classesOf } from '../../data/task.ts';
import { BadInputError } from '../../errors.ts';
import { datasetSchema } from '../../experiment/schema/dataset.ts';
import { loadModel } from '../../onnx/file.ts';
import { teacherWidths } from '../../preflight/teacherWidths.ts';
import { formatInteger } from '../../report/format.ts';
import { refuseOutside } from '../givenExperiment.ts';
import { defineTool } from '../tool.ts';
import { bulletLines, joinLines, listedShortly } from '../wording.ts';

/** With fewer labelled samples of a class than this a teacher of one's own rarely helps. */
const FEW_OF_A_CLASS = 20;
const MOST_CLASSES = 30;
const MOST_FINDINGS = 12;

export const inspectDataset = defineTool({
  name: 'inspect_dataset',
  title: 'Look at a dataset',
  description:
    'Opens a folder or file of images, tables, texts, sounds or series as a run would: format, task, splits, classes, how many samples of ' +
    'each, and findings such as leaks between splits. Use it before you write an experiment. Reads only.',
  opens: true,
  input: z.strictObject({
    path: z.string().min(1).describe("Folder or file of the data, or 'builtin:digits'."),
    teacher: z
      .string()
      .min(1)
      .optional()
      .describe('Path of the teacher, whose outputs may tell how many classes there are.'),
    options: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Further fields of the section "dataset" of an experiment, such as {"target": "price"}.'),
  }),
  run: async ({ path, teacher, options }, { workspace, signal }) => {
    const parsed = datasetSchema.safeParse({ ...options, path });
    if (!parsed.success) {
      throw new BadInputError(
        parsed.error.issues.map((issue) => ({
          where: `options.${z.core.toDotPath(issue.path)}`,
          message: issue.message,
        })),
      );
    }
    await refuseOutside({ dataset: parsed.data }, workspace.folder, workspace);
    const widths = teacher === undefined ? undefined : teacherWidths([await loadModel(workspace.existing(teacher))]);
    const dataset = await openDataset(parsed.data, {
      baseDirectory: workspace.folder,
      seed: 0,
      signal,
      ...(widths !== undefined && { teacher: widths }),
    });
    try {
      const data = await describe(dataset, signal);
      const { splits, classes, findings } = data;
      const few = classes.filter(({ samples }) => samples < FEW_OF_A_CLASS).map(({ name }) => name);
      const text = joinLines(
        `${path}: ${data.format}, task ${data.task}, samples of shape [${data.sampleShape.join(', ')}].`,
        `Training ${formatInteger(splits.training)}, validation ${formatInteger(splits.validation)}, test ${formatInteger(splits.test)} samples.`,
        classes.length === 0
          ? undefined
          : `${classes.length} classes, training samples of each: ${listedShortly(
              classes.map(({ name, samples }) => `${name} ${samples}`),
              MOST_CLASSES,
            )}.`,
        data.targets.length === 0 ? undefined : `Numbers to predict: ${listedShortly(data.targets, MOST_CLASSES)}.`,
        few.length === 0
          ? undefined
          : `Little data: fewer than ${FEW_OF_A_CLASS} training samples of ${listedShortly(few, MOST_CLASSES)}. Add samples without labels ` +
              '("unlabelled"), which the teacher labels.',
        bulletLines('What should be known:', findings.slice(0, MOST_FINDINGS)) ?? 'Nothing stands out.',
        findings.length > MOST_FINDINGS ? `… and ${findings.length - MOST_FINDINGS} more findings.` : undefined,
      );
      const isBuiltIn = path.startsWith('builtin:');
      return {
        text,
        data: {
          path,
          ...data,
          classes: classes.slice(0, MOST_CLASSES),
          classCount: classes.length,
          findings: findings.slice(0, MOST_FINDINGS),
        },
        whole: isBuiltIn ? null : resolve(workspace.folder, path),
      };
    } finally {
      await dataset.dispose();
    }
  },
});

async function describe(dataset: Dataset, signal: AbortSignal) {
  const { format, task, sampleShape, training, validation, test } = dataset;
  const names = classesOf(task);
  const counts = names.map(() => 0);
  if (training.targets.kind === 'classes') {
    for (const label of training.targets.labels) counts[label] = (counts[label] ?? 0) + 1;
  }
  const later = (await dataset.examineLater?.(signal)) ?? [];
  return {
    format,
    task: task.kind,
    sampleShape,
    splits: { training: training.count, validation: validation.count, test: test.count },
    classes:
      training.targets.kind === 'classes' ? names.map((name, index) => ({ name, samples: counts[index] ?? 0 })) : [],
    targets: task.kind === 'regression' ? task.targets : [],
    // What makes results worse comes first.
    findings: [...dataset.findings, ...later]
      .toSorted((one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'))
      .map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`)),
  };
}
