import * as z from 'zod';

/** A number, or one that changes over the run from one such number to another. */
const scheduled = (number: z.ZodNumber) =>
  z.union([
    number,
    z
      .strictObject({
        from: number.describe('At the start.'),
        to: number.describe('From the share `until` of the run on.'),
        until: z.number().gt(0).max(1).describe('Share of the run over which it changes, 0…1.'),
      })
      .describe('Changes evenly over the run.'),
  ]);

const weight = scheduled(z.number().min(0).max(1e6));

const weightOf = (usual: number) => weight.default(usual).describe('How much the term counts in the sum.');

/** Logits that are divided by less overflow, or leave one class with everything. */
const temperature = scheduled(z.number().min(0.001).max(1000));

const temperatureOf = (usual: number) =>
  temperature.default(usual).describe('Softens the distributions: the higher, the more the small probabilities count.');

const standardize = z
  .boolean()
  .default(false)
  .describe('Bring every row of logits to mean 0 and deviation 1 first (arXiv 2403.01427).');

const target = z
  .union([
    z.enum(['soft', 'hard', 'rank-weighted']),
    z
      .strictObject({ clusters: z.int().min(2).max(10_000).describe('Number of clusters.') })
      .describe("The centre of the cluster that the teacher's output belongs to."),
  ])
  .default('soft')
  .describe(
    "What is imitated: the teacher's distribution, its first choice, or one made from the order of its outputs.",
  );

const studentFeature = z
  .string()
  .min(1)
  .describe('Name of a value inside the student; `distillery inspect` lists them.');
const teacherFeature = z
  .string()
  .min(1)
  .describe('Name of a value inside the teacher; `distillery inspect` lists them.');
const pair = z.strictObject({ student: studentFeature, teacher: teacherFeature });

const focal = z
  .number()
  .min(0)
  .max(10)
  .optional()
  .describe('γ of the focal loss: samples that are decided well count less; usually 2 (arXiv 1708.02002). Default: 0.');

const classWeights = z
  .union([
    z.enum(['none', 'balanced']),
    z.strictObject({
      each: z.array(z.number().min(0).max(1e6)).min(2).describe('A weight for every class, in their order.'),
    }),
  ])
  .optional()
  .describe(
    'What each class counts; `balanced` makes rare classes count as much as common ones. Default: all samples count alike.',
  );

const project = z
  .boolean()
  .optional()
  .describe("Let the student's value pass through a learned map first, so that its width may differ. Default: false.");

const kd = z
  .strictObject({
    loss: z.literal('kd'),
    temperature: temperatureOf(4),
    weight: weightOf(0.9),
    target,
    standardize,
    divergence: z
      .enum(['forward', 'reverse', 'jensen-shannon'])
      .optional()
      .describe(
        'Which divergence: `forward` covers all that the teacher thinks possible; `reverse` keeps to what it thinks likely (arXiv 2306.08543); ' +
          '`jensen-shannon` lies between (arXiv 2306.13649). Default: forward.',
      ),
    beta: z
      .number()
      .min(0.001)
      .max(0.999)
      .optional()
      .describe('Share of the teacher in the mixture of `jensen-shannon`. Default: 0.5.'),
  })
  .describe("Kullback-Leibler divergence to the teacher's softened distribution, times T² (arXiv 1503.02531).");

const softCrossEntropy = z
  .strictObject({
    loss: z.literal('soft-cross-entropy'),
    temperature: temperatureOf(4),
    weight: weightOf(0.9),
    target,
    standardize,
  })
  .describe("Cross-entropy with the teacher's softened distribution, times T²: the gradient of kd.");

const logitMse = z
  .strictObject({ loss: z.literal('logit-mse'), weight: weightOf(1) })
  .describe("Mean squared difference of the logits: kd's limit for high temperatures.");

const probabilityMse = z
  .strictObject({ loss: z.literal('probability-mse'), weight: weightOf(0.5) })
  .describe('Half the squared difference of the probabilities.');

const hardTeacherLabels = z
  .strictObject({ loss: z.literal('hard-teacher-labels'), weight: weightOf(1) })
  .describe("Cross-entropy with the teacher's first choice.");

const labels = z
  .strictObject({
    loss: z.literal('labels'),
    weight: weightOf(0.1),
    smoothing: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('Share of every label that is spread over all classes (arXiv 1512.00567).'),
    focal,
    classWeights,
  })
  .describe('Cross-entropy with the labels of the data.');

const dkd = z
  .strictObject({
    loss: z.literal('dkd'),
    alpha: weight.default(1).describe('Weight of the part about the right class.'),
    beta: weight.default(8).describe('Weight of the part about all other classes; 2 for shallow networks.'),
    temperature: temperatureOf(4),
    weight: weightOf(1),
    standardize,
  })
  .describe('Decoupled distillation: the right class and the others apart (arXiv 2203.08679).');

const dist = z
  .strictObject({
    loss: z.literal('dist'),
    beta: weight.default(1).describe('Weight of the relations within a sample.'),
    gamma: weight.default(1).describe('Weight of the relations within a class.'),
    temperature: temperatureOf(4),
    weight: weightOf(2),
  })
  .describe("Correlation with the teacher's probabilities, by sample and by class (arXiv 2205.10536).");

const binaryLabels = z
  .strictObject({ loss: z.literal('binary-labels'), weight: weightOf(0.5), focal, classWeights })
  .describe('Cross-entropy of every class on its own, for samples of several classes.');

const binaryKd = z
  .strictObject({ loss: z.literal('binary-kd'), temperature: temperatureOf(2), weight: weightOf(0.5) })
  .describe('kd of every class on its own, for samples of several classes.');

const mse = z
  .strictObject({ loss: z.literal('mse'), weight: weightOf(1) })
  .describe('Mean squared difference from the numbers in the data.');

const teacherMse = z
  .strictObject({
    loss: z.literal('teacher-mse'),
    weight: weightOf(0.5),
    bounded: z
      .strictObject({ margin: z.number().min(0).max(1e6).describe('How much better the teacher has to be.') })
      .optional()
      .describe('Follow the teacher only where the student is worse than the teacher (Chen et al. 2017).'),
  })
  .describe("Mean squared difference from the teacher's output.");

const hint = z
  .strictObject({
    loss: z.literal('hint'),
    student: studentFeature,
    teacher: teacherFeature,
    weight: weightOf(100),
  })
  .describe('A layer of the student, through a learned map, imitates one of the teacher (FitNets, arXiv 1412.6550).');

const cosine = z
  .strictObject({
    loss: z.literal('cosine'),
    student: studentFeature,
    teacher: teacherFeature,
    weight: weightOf(1),
    project,
  })
  .describe('Directions of hidden states agree, as in DistilBERT (arXiv 1910.01108).');

const channelWise = z
  .strictObject({
    loss: z.literal('channel-wise'),
    student: studentFeature,
    teacher: teacherFeature,
    temperature: temperatureOf(4),
    weight: weightOf(50),
    project,
  })
  .describe('Every channel of a map looks where that of the teacher looks, as a distribution (arXiv 2011.13256).');

const queueEntries = z.int().min(1).max(65_536);

const contrastive = z
  .strictObject({
    loss: z.literal('contrastive'),
    student: studentFeature,
    teacher: teacherFeature,
    temperature: temperature.default(0.1).describe('Sharpness of the comparison.'),
    queue: queueEntries
      .optional()
      .describe(
        "How many of the teacher's features of earlier batches a sample is to be told from, too. Default: none.",
      ),
    weight: weightOf(0.8),
  })
  .describe("A sample's features are nearer to the teacher's for it than for any other sample of the batch.");

const queueSimilarity = z
  .strictObject({
    loss: z.literal('queue-similarity'),
    student: studentFeature,
    teacher: teacherFeature,
    queue: queueEntries
      .default(1024)
      .describe("How many of the teacher's features of earlier batches samples are compared with."),
    temperature: temperature.default(0.05).describe("Softens the teacher's similarities; usually 0.01 to 0.07."),
    studentTemperature: temperature.default(0.2).describe("Softens the student's similarities."),
    weight: weightOf(1),
  })
  .describe('A sample is as similar to those of earlier batches as the teacher finds it (SEED, arXiv 2101.04731).');

const attentionTransfer = z
  .strictObject({
    loss: z.literal('attention-transfer'),
    pairs: z.array(pair).min(1).max(64).describe('Maps of the student and of the teacher that are compared.'),
    power: z.number().min(1).max(8).default(2).describe('Exponent of the activations.'),
    weight: weightOf(1000),
  })
  .describe('Where the student looks agrees with where the teacher looks (arXiv 1612.03928).');

const rkd = z
  .strictObject({
    loss: z.literal('rkd'),
    distance: weight.default(25).describe('Weight of the distances of pairs.'),
    angle: weight.default(50).describe('Weight of the angles of triplets.'),
    features: pair.optional().describe('Values inside the networks; the outputs when left out.'),
    weight: weightOf(1),
  })
  .describe('Distances and angles between the samples of a batch agree (arXiv 1904.05068).');

/** One term of the loss. */
export const objectiveTermSchema = z.discriminatedUnion('loss', [
  kd,
  labels,
  softCrossEntropy,
  logitMse,
  probabilityMse,
  hardTeacherLabels,
  dkd,
  dist,
  hint,
  attentionTransfer,
  rkd,
  contrastive,
  queueSimilarity,
  cosine,
  channelWise,
  binaryLabels,
  binaryKd,
  mse,
  teacherMse,
]);
