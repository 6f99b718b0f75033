import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { runsDirectory } from '../../launching/readRuns.ts';
import { formatLoss, formatPercent } from '../../report/format.ts';
import { leaseStateOf } from '../../runFolder/runLease.ts';
import { readSearch } from '../../search/readSearch.ts';
import { readOwnRuns, searchesDirectory } from '../runFolders.ts';
import { defineTool } from '../tool.ts';
import type { Workspace } from '../workspace.ts';
import { joinLines, markdownTable } from '../wording.ts';

export const listRuns = defineTool({
  name: 'list_runs',
  title: 'List runs',
  description:
    'Lists the runs and searches of the workspace, newest first: id, name, state, when, and how good the student is. Use it to find the id ' +
    'that other tools take. Reads only.',
  input: z.strictObject({ limit: z.int().min(1).max(100).default(15).describe('How many runs to list.') }),
  run: async ({ limit }, { workspace }) => {
    const runs = await readOwnRuns(workspace);
    const listed = runs.slice(0, limit).map(({ status }) => {
      const { id, name, state, startedAt, accuracy, teacherAccuracy, loss } = status;
      return { run: id, name, state, startedAt, accuracy, teacherAccuracy, loss };
    });
    const searches = await listSearches(workspace);
    const rows = listed.map(({ run, name, state, accuracy, teacherAccuracy, loss }) => [
      run,
      name,
      state,
      accuracy === undefined ? (loss === undefined ? '–' : `loss ${formatLoss(loss)}`) : formatPercent(accuracy),
      teacherAccuracy === undefined ? '–' : formatPercent(teacherAccuracy),
    ]);
    return {
      text: joinLines(
        runs.length === 0
          ? 'There are no runs yet. Next: check_experiment, then start_run.'
          : markdownTable({ head: ['Run', 'Name', 'State', 'Student', 'Teacher'], rows }),
        runs.length > limit ? `… and ${runs.length - limit} older ones.` : undefined,
        ...searches.map(({ run, state, trials }) => `Search '${run}': ${state}, ${trials} trials.`),
      ),
      data: { runs: listed, total: runs.length, searches },
      whole: runs.length === 0 ? null : runsDirectory(workspace.folder),
    };
  },
});

async function listSearches(workspace: Workspace) {
  const directory = workspace.toWrite(searchesDirectory(workspace));
  const names = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return Promise.all(
    names
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => {
        const folder = join(directory, name);
        const result = await readSearch(folder).catch(() => undefined);
        const state = leaseStateOf(folder).kind === 'held' ? 'running' : (result?.endedBy ?? 'stopped');
        return { run: name, state, trials: result?.trials.length ?? 0 };
      }),
  );
}
