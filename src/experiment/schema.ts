import * as z from 'zod';
import {
  architectureSchema,
  convnet,
  mlp,
  mobilenetv2,
  resnet,
  textcnn,
  transformer,
  autoencoder,
} from './schema/architecture.ts';
import { MOST_VALUES } from '../evaluation/meanInterval.ts';
import type { Settled } from '../training/budget/settleTraining.ts';
import { augmentationSchema } from './schema/augmentation.ts';
import { automatic, orAutomatic } from './schema/automatic.ts';
import { cacheSchema } from './schema/cache.ts';
import { channelStatistics, datasetSchema } from './schema/dataset.ts';
import { decisionTree, gradientBoosting, linear, randomForest, svm } from './schema/estimators.ts';
import { exportSchema } from './schema/export.ts';
import { objectiveTermSchema } from './schema/objective.ts';
import { quantizationSchema } from './schema/quantization.ts';
import { requireSchema } from './schema/require.ts';
import { reportOptionsSchema } from './schema/report.ts';
import { roundsSchema } from './schema/rounds.ts';
import { runnerSchema } from './schema/runner.ts';
import { searchSchema } from './schema/search.ts';
import { siteWeighting, teachingSiteDataset } from './schema/sites.ts';
import { trainingFields, trainingSchema } from './schema/training.ts';
import { headOnExtractor, weightSelection } from './schema/transfer.ts';

/** A path in an experiment file is relative to the file's folder, or absolute. */
const path = z.string().min(1);
const fraction = z.number().gt(0).lt(1);

const outputName = z.string().min(1).optional().describe('Name of the output that is imitated. Default: the first.');

const teacherMatching = {
  normalization: z
    .union([z.enum(['none', 'signed', 'bytes', 'mnist', 'cifar10', 'imagenet']), channelStatistics])
    .optional()
    .describe(
      'Images as the teacher wants them: values of 0…1 (`none`), −1…1 (`signed`) or 0…255 (`bytes`), or normalised. Default: as its file ' +
        'says, else as the dataset has them, unless it decides validation samples clearly better with another of these.',
    ),
  classes: z
    .array(z.string().min(1))
    .min(2)
    .optional()
    .describe(
      "Names of the teacher's outputs, in their order. Default: those in its file, else the dataset's order, checked on validation samples.",
    ),
};

const teacherTraining = {
  training: z
    .strictObject(trainingFields)
    .partial()
    .optional()
    .describe('How the teacher is trained; the fields of `training`.'),
  crossFit: z
    .union([z.enum(['auto', 'never']), z.int().min(2).max(20).meta({ default: 5 })])
    .optional()
    .describe(
      'Into how many parts the samples are divided, so that what the student is taught of a sample is said by a teacher that has not learned it ' +
        '(cross-fitting, arXiv 2104.09732); as many more teachers are trained. `never`: the one teacher says all. Default `auto`: 5 where teacher and ' +
        'student learn from the same samples, these are enough to validate on, and it takes a minute or two.',
    ),
};

const teacherModel = z
  .strictObject({
    model: path.describe('The teacher: an .onnx file.'),
    output: outputName,
    ...teacherMatching,
    ...weightSelection,
    ...teacherTraining,
  })
  .describe(
    'A teacher that exists already; with `training`, or a choice of weights, it is fine-tuned on the labels first.',
  );

const teacherEnsemble = z
  .strictObject({
    ensemble: z
      .array(
        z.strictObject({
          model: path.describe('A teacher: an .onnx file.'),
          output: outputName,
          ...teacherMatching,
          weight: z.number().min(1e-6).max(1e6).default(1).describe('Its share, relative to the others.'),
        }),
      )
      .min(2)
      .max(32)
      .describe('The teachers; their probabilities are averaged.'),
  })
  .describe('Several teachers that exist already.');

const studentModel = z
  .strictObject({
    model: path.describe('The student: an .onnx file whose weights are trained further.'),
    output: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the output that is trained. Default: the first, or the only one of the right shape.'),
    ...weightSelection,
  })
  .describe('A student that exists already.');

const teacherOnExtractor = headOnExtractor
  .extend(teacherTraining)
  .describe('A teacher to train first: a new head on the frozen front of a model, whose features are computed once.');

const shrunkTeacher = z
  .strictObject({
    shrink: fraction.describe('Share of the channels of every layer that remains; the most important ones do.'),
    shares: z
      .array(z.number().gt(0).max(1))
      .min(1)
      .max(10_000)
      .optional()
      .describe(
        'In place of that, a share for each layer whose channels can be dropped, in their order; layers that have channels in common are one.',
      ),
    importance: z
      .enum(['l1', 'taylor'])
      .default('l1')
      .describe(
        'Which channels are important: those whose filters have the largest L1 norms (arXiv 1608.08710), or those without which the loss on ' +
          'training samples would change most, by its first-order Taylor expansion (arXiv 1611.06440).',
      ),
  })
  .describe("The teacher's own network with narrower layers.");

/** A schema loses its description when it gets more fields. */
function describedAs<Extended extends z.ZodType>({ description = '' }: z.ZodType, extended: Extended): Extended {
  return extended.describe(description);
}

const teacherToTrain = z
  .discriminatedUnion('architecture', [
    describedAs(mlp, mlp.extend(teacherTraining)),
    describedAs(convnet, convnet.extend(teacherTraining)),
    describedAs(resnet, resnet.extend(teacherTraining)),
    describedAs(mobilenetv2, mobilenetv2.extend(teacherTraining)),
    describedAs(transformer, transformer.extend(teacherTraining)),
    describedAs(textcnn, textcnn.extend(teacherTraining)),
    describedAs(autoencoder, autoencoder.extend(teacherTraining)),
    describedAs(decisionTree, decisionTree.extend(teacherTraining)),
    describedAs(randomForest, randomForest.extend(teacherTraining)),
    describedAs(gradientBoosting, gradientBoosting.extend(teacherTraining)),
    describedAs(linear, linear.extend(teacherTraining)),
    describedAs(svm, svm.extend(teacherTraining)),
  ])
  .describe('A teacher to train first, on the labels of its own training split.');

const teacherAtSites = z
  .strictObject({
    sites: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(120).optional().describe('Shown in the report.'),
          dataset: teachingSiteDataset,
          teacher: z
            .union([teacherModel, teacherToTrain, teacherOnExtractor])
            .describe("The site's own network: trained there on the site's data, or a file that lies there."),
        }),
      )
      .min(2)
      .max(10_000)
      .describe('Two sites or more.'),
    weighting: siteWeighting,
  })
  .describe(
    'Teachers at sites that keep their data and their networks: each labels the samples of `dataset`, which is public, and only these outputs travel ' +
      '(FedMD, arXiv 1910.03581; FedDF, arXiv 2006.07242).',
  );

/** The experiment file, `*.distill.json`. The one definition: the editor's JSON schema and the panel are made from it. */
export const experimentSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).max(120).optional().describe('Shown in the views.'),
  teacher: z
    .union([teacherModel, teacherEnsemble, teacherToTrain, teacherOnExtractor, teacherAtSites, z.null()])
    .describe('The network that is imitated; null trains on labels only.'),
  dataset: datasetSchema,
  student: z.union([architectureSchema, studentModel, headOnExtractor, shrunkTeacher]),
  objective: orAutomatic(
    z
      .array(objectiveTermSchema)
      .min(1)
      .meta({
        default: [
          { loss: 'kd', temperature: 1, weight: 0.9 },
          { loss: 'labels', weight: 0.1 },
        ],
      }),
  )
    .optional()
    .meta({
      description:
        'What is learned: the weighted sum of these losses. Left out, or `auto`: the usual ones for the task are tried in short trainings, ' +
        'and the one that does best on the validation split is taken; where none is clearly better, the safest.',
      default: automatic,
    }),
  training: trainingSchema.prefault({}),
  augmentation: augmentationSchema.optional(),
  baseline: z.boolean().default(true).describe('Also train the same student, same seed, without the teacher.'),
  repeats: z
    .int()
    .min(1)
    .max(MOST_VALUES)
    .default(1)
    .describe(
      'How often student and baseline are trained, with seeds counted up from `training.seed`. The first student is the ' +
        'result; the others tell how much of the gain is chance.',
    ),
  folds: z
    .int()
    .min(2)
    .max(MOST_VALUES)
    .optional()
    .describe(
      'Divide the data into so many parts and judge on each in turn, with student, baseline and a teacher that is trained first trained anew on the ' +
        'others: the gain with its interval over all samples. For small tables, on which the interval of one test split is wider than any gain.',
    ),
  cache: cacheSchema.prefault({}),
  rawInput: z
    .boolean()
    .default(false)
    .describe(
      'Also write student.raw.onnx, which prepares the data itself: it takes pixels of 0…255, or numbers as they stand in the table.',
    ),
  export: exportSchema.prefault({}),
  quantization: quantizationSchema.optional(),
  report: reportOptionsSchema.prefault({}),
  require: requireSchema.optional(),
  rounds: roundsSchema.optional(),
  search: searchSchema.optional(),
  runner: runnerSchema.optional(),
  engine: z
    .enum(['onnxruntime', 'tensorflow'])
    .default('onnxruntime')
    .describe('What does the training steps: ONNX Runtime, or TensorFlow.js where @tensorflow/tfjs-node is installed.'),
  device: z
    .enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])
    .default('auto')
    .describe('Where to train; `auto` takes the best that works.'),
});

/** An experiment with every default filled in. */
export type Experiment = z.output<typeof experimentSchema>;
/** An experiment as a person writes it. */
export type ExperimentInput = z.input<typeof experimentSchema>;
export type Student = Experiment['student'];
/** The `training` section as a person may write it: numbers, or `auto`. */
export type TrainingOptions = z.output<typeof trainingSchema>;

/** An experiment in which numbers stand wherever a person may have left them to Distillery; see `settleExperiment`. */
export type SettledExperiment = Omit<Experiment, 'training'> & {
  readonly training: Settled<TrainingOptions>;
};
