import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import type { FactsAnswer } from '../../protocol/experimentFacts.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { shownSampleSchema } from '../../report/qualitySchema.ts';
import { problemsSchema } from '../../launching/runFileSchemas.ts';
import { jsonOrNothing, MOST_MS, startProgram } from './askProgram.ts';

/** Without a question for this long the process ends: what it has opened takes memory. */
const IDLE_MS = 60_000;
const FAILURE = 'What the experiment is about could not be found out.';

const count = z.number().nonnegative();
const network = {
  takes: z.array(count),
  gives: z.array(count),
  parameters: count,
  macs: count,
  isGrown: z.literal(true).optional(),
};

/** What the process may answer: nothing else comes to the panel. */
export const factsAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    problems: problemsSchema.optional(),
    facts: z.object({
      teacher: z
        .object({
          ...network,
          bytes: count.nullable(),
          opset: count.nullable(),
          notes: z.array(z.string()),
          warnings: z.array(z.string()),
        })
        .nullable(),
      data: z.object({
        format: z.string(),
        task: z.string(),
        samples: z.enum(['images', 'tables', 'series', 'texts']),
        training: count,
        validation: count,
        test: count,
        classes: z.array(z.string()),
        counts: z.array(count),
        findings: z.array(
          z.object({ severity: z.enum(['warning', 'information']), where: z.string(), sentence: z.string() }),
        ),
        columns: z.array(
          z.object({
            name: z.string(),
            use: z.enum(['target', 'number', 'category', 'date', 'text', 'group', 'left out']),
            missing: z.number(),
            range: z.object({ least: z.number(), most: z.number() }).nullable(),
            frequent: z.array(z.string()),
          }),
        ),
        examples: z.array(z.object({ shown: shownSampleSchema, label: z.string().nullable() })),
      }),
      student: z.object(network).nullable(),
      foreseen: z.object({ memory: count, seconds: z.object({ least: count, most: count }).nullable() }).nullable(),
    }),
  }),
  z.object({
    kind: z.literal('teacher'),
    model: z.object({
      takes: z.array(z.array(z.union([z.string(), count]))),
      gives: z.array(z.array(z.union([z.string(), count]))),
      parameters: count.nullable(),
      macs: count.nullable(),
      bytes: count,
      opset: count.nullable(),
    }),
  }),
  z.object({ kind: z.literal('refused'), problems: problemsSchema }),
]) satisfies z.ZodType<FactsAnswer>;

/** The question that is being answered. */
interface Asked {
  readonly take: (answer: FactsAnswer) => void;
  readonly fail: (error: DistilleryError) => void;
}

/**
 * A child process that tells what experiments are about: it opens the dataset and the networks, and tries the teacher on the data. It stays
 * for a while, so that another student of the same teacher and data is told of at once.
 */
export class FactsProcess {
  readonly #program: string;
  readonly #idleMs: number;
  #child: ChildProcessWithoutNullStreams | undefined;
  #asked: Asked | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param program path of the bundled child process */
  constructor(program: string, idleMs = IDLE_MS) {
    this.#program = program;
    this.#idleMs = idleMs;
  }

  /**
   * Asks one question; the one before has to be answered or cancelled.
   *
   * @param baseDirectory folder that the experiment's relative paths start from
   * @param signal ends the process in the midst of what it does when it aborts
   * @throws DistilleryError when the process gives no answer, `CANCELLED` when the signal aborts
   */
  async ask(experiment: ExperimentDraft, baseDirectory: string, signal: AbortSignal): Promise<FactsAnswer> {
    const child = (this.#child ??= this.#start());
    clearTimeout(this.#timer);
    const cancel = (): void => {
      this.#fail(new DistilleryError('CANCELLED', 'Something else was chosen.'));
    };
    try {
      return await new Promise<FactsAnswer>((take, fail) => {
        this.#asked = { take, fail };
        signal.addEventListener('abort', cancel);
        this.#timer = setTimeout(() => {
          this.#fail(new DistilleryError('INTERNAL', FAILURE, { hint: 'It took too long.' }));
        }, MOST_MS);
        if (signal.aborted) cancel();
        else child.stdin.write(`${JSON.stringify({ experiment, baseDirectory })}\n`);
      });
    } finally {
      signal.removeEventListener('abort', cancel);
      clearTimeout(this.#timer);
      this.#asked = undefined;
      // Where it was ended meanwhile there is nothing left to be ended.
      this.#timer = setTimeout(() => {
        this.dispose();
      }, this.#idleMs).unref();
    }
  }

  /** Ends the process. */
  dispose(): void {
    clearTimeout(this.#timer);
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = startProgram(this.#program, '--facts');
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (child !== this.#child) return;
      const { data } = factsAnswerSchema.safeParse(jsonOrNothing(line));
      if (data) this.#asked?.take(data);
      else this.#fail(new DistilleryError('INTERNAL', FAILURE));
    });
    const failed = (): void => {
      if (child !== this.#child) return;
      const hint = complaint.trim();
      this.#fail(new DistilleryError('INTERNAL', FAILURE, { ...(hint !== '' && { hint }) }));
    };
    child.once('error', failed);
    child.once('close', failed);
    // A process that is gone cannot be asked; that it is gone is told above.
    child.stdin.on('error', () => undefined);
    return child;
  }

  #fail(error: DistilleryError): void {
    this.dispose();
    this.#asked?.fail(error);
  }
}
