import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { readLogTail, readRunStatus } from '../../launching/readRuns.ts';
import { TrainerConnection } from '../../launching/trainerConnection.ts';
import { controlEndpoint } from '../../protocol/endpoint.ts';
import type { RunStatus } from '../../protocol/events.ts';
import { formatDuration, formatLoss, formatPercent, formatProgress, formatQuality } from '../../report/format.ts';
import { readCurveEvents } from '../../runFolder/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { leaseStateOf } from '../../runFolder/runLease.ts';
import { summaryOf } from '../../search/page/searchTable.ts';
import { readSearch } from '../../search/readSearch.ts';
import { searchFiles } from '../../runFolder/searchFolder.ts';
import { findRun, RUN_FIELD } from '../runFolders.ts';
import { defineTool, type ToolContext, type ToolResult } from '../tool.ts';
import { bulletLines, joinLines, problemLine } from '../wording.ts';

const LOOK_MS = 200;
/** Epochs that are told of each network. */
const LAST_EPOCHS = 5;

export const followRun = defineTool({
  name: 'follow_run',
  title: 'Follow a run',
  description:
    'Tells how far a run or a search is, its last epochs and the time left. Waits until it has ended, for the seconds that you give at ' +
    'most: call it again while it says "running". Reads only.',
  input: z.strictObject({
    run: z.string().min(1).describe(RUN_FIELD),
    wait_seconds: z
      .number()
      .min(0)
      .max(600)
      .default(25)
      .describe('How long to wait for its end. Many clients give up on a call after 60 seconds.'),
  }),
  run: async ({ run, wait_seconds: seconds }, context) => {
    const deadline = performance.now() + seconds * 1000;
    let found = await findRun(run, context.workspace);
    for (;;) {
      // A run that was being checked may have begun.
      if (found.kind === 'checking') found = await findRun(run, context.workspace);
      const state = await look(found.folder, found.kind, context);
      if (!state.isUnderWay || performance.now() >= deadline || context.signal.aborted) return state.tell();
      await wait(Math.max(1, Math.min(LOOK_MS, deadline - performance.now())));
    }
  },
});

interface Look {
  readonly isUnderWay: boolean;
  readonly tell: () => Promise<ToolResult>;
}

async function look(folder: string, kind: 'run' | 'search' | 'checking', context: ToolContext): Promise<Look> {
  switch (kind) {
    case 'checking': {
      const connection = await TrainerConnection.open(controlEndpoint(folder));
      connection?.dispose();
      return {
        isUnderWay: connection !== undefined,
        tell: () => tellChecking(folder, connection !== undefined, context),
      };
    }
    case 'search': {
      const isUnderWay = leaseStateOf(folder).kind === 'held';
      return { isUnderWay, tell: () => tellSearch(folder, isUnderWay, context) };
    }
    case 'run': {
      const status = await readRunStatus(folder);
      if (status?.state === 'running') context.onProgress(status.progress, sentenceOf(status));
      return { isUnderWay: status?.state === 'running', tell: () => tellRun(folder, status, context) };
    }
  }
}

async function tellChecking(folder: string, isAlive: boolean, { workspace }: ToolContext): Promise<ToolResult> {
  const id = basename(folder);
  const log = await readLogTail(folder);
  const text = isAlive
    ? `The run '${id}' is being checked. Next: follow_run again.`
    : joinLines(`The run '${id}' was refused before it began.`, log, 'Next: mend that, then start_run.');
  return {
    text,
    data: { run: id, state: isAlive ? 'checking' : 'refused', folder: workspace.name(folder) },
    whole: folder,
  };
}

async function tellSearch(folder: string, isUnderWay: boolean, { workspace }: ToolContext): Promise<ToolResult> {
  const id = basename(folder);
  const result = await readSearch(folder);
  const state = isUnderWay
    ? 'running'
    : result?.endedBy === 'stopped' || result?.endedBy == null
      ? 'stopped'
      : 'finished';
  const best = (result?.front ?? [])
    .flatMap((number) => result?.trials.filter((trial) => trial.number === number) ?? [])
    .slice(0, 5);
  const text = joinLines(
    `The search '${id}': ${state}.`,
    result ? summaryOf(result) : 'No trial has ended yet.',
    bulletLines(
      'Trials that no other beats:',
      best.map(({ folder: trial, values }) => `${workspace.name(join(folder, trial))}: ${JSON.stringify(values)}`),
    ),
    state === 'running'
      ? 'Next: follow_run again, or stop_run.'
      : state === 'finished'
        ? 'Next: compare_runs with the folders of the best trials.'
        : `Next: start_search with {"resume": "${id}"} goes on.`,
  );
  const data = {
    run: id,
    state,
    trials: result?.trials.length ?? 0,
    front: best,
    importance: result?.importance ?? [],
  };
  return { text, data, whole: join(folder, searchFiles.result) };
}

async function tellRun(folder: string, status: RunStatus | undefined, { workspace }: ToolContext): Promise<ToolResult> {
  const id = basename(folder);
  if (!status) return { text: `The run '${id}' is gone.`, data: { run: id, state: 'gone' }, whole: null };
  const events = (await readCurveEvents(folder)).filter((event) => event.kind === 'epoch');
  const epochs = (['teacher', 'student', 'baseline'] as const).flatMap((network) =>
    events.filter((event) => event.network === network).slice(-LAST_EPOCHS),
  );
  const problems = (status.problems ?? []).map(problemLine);
  const log = status.state === 'failed' || status.state === 'interrupted' ? await readLogTail(folder) : undefined;
  const text = joinLines(
    sentenceOf(status),
    bulletLines(
      'Last epochs, on the validation split:',
      epochs.map(
        ({ network, epoch, epochs: all, validation, losses, best }) =>
          `${network} ${epoch} of ${all}: ${formatQuality(validation)}, training loss ${formatLoss(losses['total'] ?? NaN)}${best ? ', the best so far' : ''}`,
      ),
    ),
    bulletLines('Problems:', problems),
    log === undefined ? undefined : `Its log ends with: ${log}`,
    `Next: ${nextOf(status, id)}`,
  );
  const { state, progress, secondsLeft, phase, accuracy, teacherAccuracy, loss, teacherLoss, reason } = status;
  const figures = { progress, secondsLeft, phase, accuracy, teacherAccuracy, loss, teacherLoss, reason, problems };
  return {
    text,
    data: { run: id, state, folder: workspace.name(folder), ...figures, epochs },
    whole: join(folder, state === 'finished' ? runFiles.report : runFiles.metrics),
  };
}

function sentenceOf({
  id,
  state,
  phase,
  progress,
  secondsLeft,
  accuracy,
  teacherAccuracy,
  loss,
  reason,
}: RunStatus): string {
  const student =
    accuracy === undefined
      ? loss === undefined
        ? ''
        : ` Student: loss ${formatLoss(loss)}.`
      : ` Student: ${formatPercent(accuracy)}${teacherAccuracy === undefined ? '' : `, teacher: ${formatPercent(teacherAccuracy)}`}.`;
  const left = secondsLeft === undefined || state !== 'running' ? '' : `, about ${formatDuration(secondsLeft)} left`;
  const way =
    state === 'running' ? `, ${formatProgress(progress)} done${phase === undefined ? '' : ` (${phase})`}${left}` : '';
  return `The run '${id}': ${state}${way}.${student}${reason === undefined ? '' : ` ${reason}`}`;
}

function nextOf({ state }: RunStatus, id: string): string {
  switch (state) {
    case 'running':
      return 'follow_run again, or stop_run.';
    case 'finished':
      return `read_report or compare_runs with {"runs": ["${id}"]}.`;
    case 'cancelled':
    case 'interrupted':
      return `resume_run with {"run": "${id}"} goes on; read_report tells what there is so far.`;
    case 'failed':
      return `mend what it tells of, then resume_run with {"run": "${id}"}, or start_run anew.`;
  }
}
