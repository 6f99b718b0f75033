import * as z from 'zod';
import { intervalSchema } from '../../report/qualitySchema.ts';
import { reportSchema } from '../../report/reportSchema.ts';
import type { RunComparison } from '../../comparison/compareRuns.ts';
import { queueEntrySchema } from '../../queue/queue.ts';
import type { RequirementResult } from '../../report/requirements.ts';
import { trialFields } from '../../search/readSearch.ts';
import type { SearchResult } from '../../search/searchResult.ts';
import { searchedFieldSchema } from '../../search/space/searchedField.ts';
import type { LocatedProblem } from '../locateProblems.ts';
import { dataOutput } from './dataOutput.ts';
import { comparisonOutput, experimentOutput, modelOutput } from './modelOutputs.ts';

const figure = z.number().nullable();
const quality = z.strictObject({ accuracy: figure, loss: figure });

const problems = z
  .strictObject({
    problems: z.array(
      z.strictObject({
        where: z.string().describe('A field such as `training.epochs`, a file, or an option.'),
        message: z.string(),
        hint: z.string().exactOptional().describe('What would be right.'),
        file: z.string().exactOptional().describe('The experiment file, where the problem is in one.'),
        line: z.int().positive().exactOptional(),
        column: z.int().positive().exactOptional(),
      }),
    ),
  })
  .describe('What every command prints instead, when it fails.') satisfies z.ZodType<{ problems: LocatedProblem[] }>;

const search = z
  .strictObject({
    version: z.literal(1),
    name: z.string(),
    strategy: z.string(),
    aims: z.array(z.strictObject({ name: z.string(), direction: z.enum(['maximize', 'minimize']) })),
    limits: z.record(z.string(), z.number().optional()),
    atOnce: z.number(),
    mostTrials: z.number().describe('Trials that there are to be, at most.'),
    space: z.array(searchedFieldSchema).describe('What is searched.'),
    endedBy: z.enum(['trials', 'space', 'refusals', 'minutes', 'stopped']).nullable(),
    front: z.array(z.number()).describe('Numbers of the finished trials that no other one beats.'),
    importance: z.array(z.strictObject({ name: z.string(), share: z.number() })),
    trials: z.array(
      z.strictObject({
        ...trialFields,
        folder: trialFields.folder.describe('Its run folder, from that of the search on.'),
        values: trialFields.values.describe('The searched fields, by their path.'),
      }),
    ),
  })
  .describe('`search.json`: what a search came to.') satisfies z.ZodType<Omit<SearchResult, 'aims' | 'limits'>>;

const compare = z
  .strictObject({
    runs: z.array(
      z.strictObject({
        folder: z.string(),
        label: z.string(),
        name: z.string(),
        student: quality,
        teacher: quality.nullable(),
        baseline: quality.nullable(),
        gain: figure.describe('Accuracy of the student beyond the baseline.'),
        parameters: z.number(),
        macs: z.number(),
        bytes: z.number(),
        latencyMs: z.number(),
        accuracyInterval: intervalSchema.nullable().describe("Of the student's test accuracy, 95 %."),
        front: z
          .strictObject({ bytes: z.boolean(), macs: z.boolean(), latencyMs: z.boolean() })
          .describe('Whether no other of the runs is better and costs no more, or costs less and is no worse.'),
        isOnFront: z.boolean().describe('The same for bytes.'),
        difference: z
          .strictObject({
            quality: intervalSchema,
            kind: z.enum(['paired', 'unpaired']),
            classes: z.array(intervalSchema.nullable()),
          })
          .nullable()
          .describe('Against the first run.'),
        recall: z.array(figure).describe('Of every class, in class order.'),
      }),
    ),
    settings: z
      .array(z.strictObject({ path: z.string(), values: z.array(z.string().nullable()) }))
      .describe('In what the experiments differ; the values as JSON, in the order of the runs.'),
    classes: z.array(z.string()),
    cautions: z
      .array(z.enum(['other-test-splits', 'unpaired', 'other-machines', 'many-intervals']))
      .describe('What keeps the figures from being compared as they are.'),
  })
  .describe('Runs side by side.') satisfies z.ZodType<Omit<RunComparison, 'runs'>>;

const submittedJob = z.strictObject({ id: z.string(), name: z.string(), tasks: z.int().positive().nullable() });

const submit = z
  .strictObject({
    folder: z.string().describe('Folder of the run or search.'),
    jobs: z.array(submittedJob),
  })
  .describe('What was handed to a cluster.');

const jobs = z
  .array(
    z.strictObject({
      folder: z.string(),
      name: z.string(),
      jobs: z.array(
        submittedJob.extend({
          states: z.array(z.looseObject({ id: z.string(), state: z.string() })).describe('None: it is over.'),
        }),
      ),
    }),
  )
  .describe('What a cluster says of what was handed to it.');

const queue = z
  .strictObject({
    entries: z.array(queueEntrySchema.omit({ experiment: true })),
    holder: z.string().nullable().describe('Who works the queue off now.'),
  })
  .describe('`queue list`: what waits.');

const check = z
  .strictObject({
    passed: z.boolean(),
    results: z.array(
      z.strictObject({
        figure: z.enum(['accuracy', 'loss', 'bytes', 'parameters', 'macs', 'latencyMs']),
        bound: z.enum(['least', 'most']),
        required: z.number(),
        found: z.number().nullable(),
        passed: z.boolean(),
      }),
    ),
  })
  .describe('The student against what is required of it.') satisfies z.ZodType<{ results: RequirementResult[] }>;

const network = z.strictObject({ says: z.array(figure), contributions: z.array(figure) });

const explain = z
  .strictObject({
    told: z.strictObject({ kind: z.enum(['probabilities', 'numbers']), names: z.array(z.string()) }),
    method: z.string(),
    sampleShape: z.array(z.number()),
    features: z.array(z.string()).optional(),
    explanations: z.array(
      z.strictObject({
        sample: z.number().describe('Its number in the test split, from 0.'),
        values: z.array(figure).describe('The sample as networks are fed it.'),
        words: z.array(z.string()).optional(),
        truth: z.array(z.string()).nullable(),
        explained: z.string().describe('What is explained, such as the name of a class.'),
        teacher: network,
        student: network,
        correlation: figure.describe('Of the contributions in teacher and student.'),
      }),
    ),
  })
  .describe('Why teacher and student say what they say.');

const stored = z.array(
  z.looseObject({
    path: z.string(),
    bytes: z.number(),
    usedAt: z.string(),
    teacher: z.string().optional(),
    dataset: z.string().optional(),
    split: z.string().optional(),
    whole: z.literal(false).optional().describe('The file was cut short.'),
  }),
);

const cache = z
  .strictObject({
    folder: z.string(),
    bytes: z.number(),
    entries: stored.optional().describe('list: what is there.'),
    removed: stored.optional().describe('prune: what is gone.'),
  })
  .describe("The teachers' outputs on the disk.");

const init = z
  .strictObject({
    file: z.string().describe('The experiment file that was written.'),
    template: z.string(),
  })
  .describe('A new experiment file.');

/** What each command prints with `--json`, and `problems` for what all print when they fail. */
export const commandOutputs = {
  problems,
  run: reportSchema,
  resume: reportSchema,
  report: reportSchema,
  search,
  inspect: modelOutput,
  'inspect-experiment': experimentOutput,
  'inspect-diff': comparisonOutput,
  'inspect-data': dataOutput,
  compare,
  check,
  explain,
  cache,
  queue,
  submit,
  jobs,
  init,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type OutputName = keyof typeof commandOutputs;
export const outputNames = Object.keys(commandOutputs) as readonly OutputName[];

/** The JSON schema (draft 7) of what a command prints. */
export function outputJsonSchema(name: OutputName): object {
  // What is read leniently is described as it is written.
  return {
    ...z.toJSONSchema(commandOutputs[name], {
      io: 'input',
      target: 'draft-7',
      // Its pattern says the same, and validators refuse a format that draft 7 does not have.
      override: ({ jsonSchema }) => {
        if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
      },
    }),
    title: `distillery ${name} --json`,
  };
}
