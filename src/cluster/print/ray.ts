import type { SlurmSettings } from '../../experiment/schema/runner.ts';
import { taskCommand, type PlannedJob } from '../plan.ts';
import { shellWord } from '../../platform/shellWord.ts';
import { gpuCount, type KubernetesOptions } from './kubernetes.ts';

/**
 * The jobs as bodies for `POST /api/jobs/` of Ray, in the order in which they are to be sent. Ray has no arrays: as many jobs stand for one
 * as may run at once, and of a search each goes on until nothing is left to do.
 */
export function printRay(jobs: readonly PlannedJob[], options: KubernetesOptions): string {
  return `${JSON.stringify(
    jobs.flatMap((job) => bodiesOf(job, options)),
    null,
    2,
  )}\n`;
}

function bodiesOf({ task, tasks, round, isLight = false }: PlannedJob, options: KubernetesOptions): readonly object[] {
  const { folder, directory, settings, name } = options;
  const resources = {
    ...(settings.cpus !== undefined && { entrypoint_num_cpus: settings.cpus }),
    ...(gpuCount(settings.gpus) > 0 && !isLight && { entrypoint_num_gpus: gpuCount(settings.gpus) }),
  };
  return indicesOf(task, tasks, settings).map((index) => {
    const command = [
      ...(settings.program ?? ['distillery']),
      ...taskCommand(folder, { task, round }),
      '--index',
      String(index),
    ];
    return {
      entrypoint: `cd ${shellWord(directory)} && exec ${command.map(shellWord).join(' ')}`,
      ...resources,
      metadata: { name: `${name}:${task}`, index: String(index) },
    };
  });
}

function indicesOf(task: string, tasks: number | undefined, { arrayLimit }: SlurmSettings): readonly number[] {
  if (tasks === undefined) return [0];
  const isSearch = task === 'trial';
  const count = isSearch ? Math.min(tasks, arrayLimit) : tasks;
  // The last tasks of a search are those that go on to its end.
  return Array.from({ length: count }, (_, index) => (isSearch ? tasks - count + index : index));
}
