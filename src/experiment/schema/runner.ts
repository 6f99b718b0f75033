import * as z from 'zod';

/** What Slurm takes as the name of a partition, an account and the like; nothing else gets into a script. */
const slurmName = z.string().regex(/^[\w.,:@+-]+$/, 'must be letters, digits and . , : @ + - alone');
const count = z.int().min(1).max(1_000_000);

/** A line of a shell script. */
const line = z.string().regex(/^[^\n\r\0]*$/, 'must be one line');

const slurmTime = z
  .string()
  .regex(
    /^(\d+-\d{1,2}(:\d{2}){0,2}|\d+(:\d{2}){0,2})$/,
    "must be a time as Slurm writes it, such as '90', '4:00:00' or '2-12'",
  );
const slurmMemory = z.string().regex(/^\d+[KMGT]?$/, "must be a size as Slurm writes it, such as '16G'");
const slurmGpus = z
  .union([z.int().min(0).max(1024), z.string().regex(/^([\w.-]+:)?\d+$/)])
  .describe("GPUs of a task: a number, or with their kind, such as 'a100:2'.");

/** What a task asks of Slurm. */
export const slurmSchema = z
  .strictObject({
    partition: slurmName.optional().describe("Partition. Default: Slurm's."),
    account: slurmName.optional().describe('Account that the time is charged to.'),
    qos: slurmName.optional().describe('Quality of service.'),
    constraint: slurmName.optional().describe('Features that a node must have.'),
    gpus: slurmGpus.optional(),
    cpus: count.optional().describe("Processor cores of a task. Default: Slurm's."),
    memory: slurmMemory.optional().describe("Memory of a task, such as '16G'. Default: Slurm's."),
    time: slurmTime
      .optional()
      .describe("Longest time of a task, such as '4:00:00'; a task that needs longer goes on in another turn."),
    arrayLimit: count
      .default(8)
      .describe(
        'Tasks at once, at most. Of a search it is the number of trials at once, which is part of what decides them.',
      ),
    requeue: z.boolean().default(true).describe('Whether tasks whose time is up, or that are preempted, go on later.'),
    warnSeconds: z
      .int()
      .min(5)
      .max(3600)
      .default(120)
      .describe('Seconds before its time is up in which a task stores where it stands.'),
    setup: z
      .array(line)
      .max(100)
      .default([])
      .describe("Lines of shell before the program, such as 'module load nodejs'."),
    program: z
      .array(line)
      .min(1)
      .optional()
      .describe('Command that starts Distillery on a node, with its arguments. Default: the one that submits.'),
  })
  .describe('Slurm; options of `distillery submit` come first.');

/** Where `distillery submit` sends an experiment: the section `runner`. */
export const runnerSchema = z
  .strictObject({ slurm: slurmSchema.optional() })
  .describe(
    'Where `distillery submit` sends the experiment; other commands do not look at it, and it decides no result.',
  );

export type SlurmSettings = z.output<typeof slurmSchema>;
