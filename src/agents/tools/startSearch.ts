import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import { readExperiment } from '../../runFolder/readRun.ts';
import { describeHolder } from '../../runFolder/runLease.ts';
import { agentText } from '../agentTexts.ts';
import { experimentFields, readGiven, refuseOutside, type GivenExperiment } from '../givenExperiment.ts';
import { goesOn } from '../goesOn.ts';
import { launchSearch } from '../../launching/launchSearch.ts';
import { newRunFolder } from '../../runFolder/runId.ts';
import { findRun, searchesDirectory } from '../runFolders.ts';
import { defineTool, type ToolContext } from '../tool.ts';

const input = z.strictObject({
  ...experimentFields,
  resume: z.string().min(1).optional().describe('Or the id of a search that was stopped, to go on with it.'),
  at_once: z.int().min(1).max(64).default(1).describe('Trials at once, each with its share of the cores.'),
});

export const startSearch = defineTool({
  name: 'start_search',
  title: 'Start a search',
  description:
    'Searches for the best student, as the section "search" of an experiment says: every trial is a run. Goes on in a process of its own; ' +
    'follow_run tells the best trials, stop_run stops it. Writes a folder below .distillery/searches. Minutes to hours.',
  input,
  confirm: async (given, context) => {
    const { folder, experiment, name } = await planSearch(given, context);
    const { search } = parseExperiment(experiment);
    const minutes = search?.limits.minutes;
    return {
      title: agentText("Start the search '{0}'?", name),
      sentences: [
        agentText(
          "It writes the folder '{0}': a run folder for each of up to {1} trials.",
          context.workspace.name(folder),
          String(search?.trials ?? 0),
        ),
        minutes === undefined
          ? agentText('How long it takes is not known before it has begun.')
          : agentText('It ends after {0} minutes at the latest.', String(minutes)),
        goesOn({ orphanMinutes: Infinity }),
      ],
    };
  },
  run: async (given, context) => {
    const { workspace, trainer } = context;
    const { folder, experiment, atOnce } = await planSearch(given, context);
    refuseWithoutSpace(experiment);
    const isUnderWay = await launchSearch(trainer, {
      experiment,
      folder,
      baseDirectory: workspace.folder,
      cacheFolder: workspace.toWrite(join('.distillery', 'cache')),
      atOnce,
    });
    const id = basename(folder);
    return {
      text: `The search '${id}' ${isUnderWay ? 'has begun' : 'is still being checked'}. Next: follow_run with {"run": "${id}"}, after some minutes.`,
      data: { run: id, folder: workspace.name(folder), state: isUnderWay ? 'running' : 'checking' },
      whole: folder,
    };
  },
});

/** All at once, before a process is started. */
function refuseWithoutSpace(experiment: unknown): void {
  if (parseExperiment(experiment).search !== undefined) return;
  throw new BadInputError([
    {
      where: 'search',
      message: 'is missing, so that there is nothing to search',
      hint: 'Name the fields to search, such as "search": {"space": {"training.learningRate": {"log": [0.0001, 0.1]}}}.',
    },
  ]);
}

async function planSearch(
  { resume, at_once: atOnce, ...given }: z.output<typeof input>,
  { workspace }: ToolContext,
): Promise<GivenExperiment & { readonly folder: string; readonly atOnce: number }> {
  if (resume === undefined) {
    const read = await readGiven(given, workspace);
    return { ...read, folder: workspace.toWrite(newRunFolder(searchesDirectory(workspace), read.name)), atOnce };
  }
  const { folder, kind } = await findRun(resume, workspace);
  if (kind !== 'search') {
    throw new DistilleryError('BAD_INPUT', `'${resume}' is a run, not a search.`, {
      hint: 'resume_run goes on with a run.',
    });
  }
  const holder = describeHolder(folder);
  if (holder)
    throw new DistilleryError('BAD_INPUT', `'${resume}' is under way: ${holder.message}.`, {
      hint: 'follow_run tells how it goes.',
    });
  const experiment = await readExperiment(folder);
  await refuseOutside(experiment, workspace.folder, workspace);
  return { experiment: { ...experiment }, name: basename(folder), folder, atOnce: await atOnceOf(folder, atOnce) };
}

/** A search goes on with as many trials at once as it began with. */
async function atOnceOf(folder: string, otherwise: number): Promise<number> {
  const journal = join(folder, 'journal.jsonl');
  if (!existsSync(journal)) return otherwise;
  const [first = ''] = (await readFile(journal, 'utf8')).split('\n');
  const parsed = z.object({ atOnce: z.number() }).safeParse(JSON.parse(first));
  return parsed.data?.atOnce ?? otherwise;
}
