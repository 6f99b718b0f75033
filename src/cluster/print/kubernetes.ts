import type { SlurmSettings } from '../../experiment/schema/runner.ts';
import { taskCommand, type PlannedJob } from '../plan.ts';

export interface KubernetesOptions {
  /** Of the run or the search, from which names are made. */
  readonly name: string;
  /** On the volume that all pods share. */
  readonly folder: string;
  /** Folder that relative paths of the experiment start from, on that volume. */
  readonly directory: string;
  readonly settings: SlurmSettings;
}

/**
 * The jobs as Indexed Jobs of Kubernetes (batch/v1), in the order in which they are to be applied. JSON is YAML, and needs no
 * quoting rules of its own. Image and volume are the site's: they have names that say that they are to be replaced.
 */
export function printKubernetes(jobs: readonly PlannedJob[], options: KubernetesOptions): string {
  const documents = jobs.map((job, index) => {
    const note = index === 0 ? '' : '# Apply when the job before it is complete.\n';
    return `${note}${JSON.stringify(indexedJob(job, options), null, 2)}\n`;
  });
  return documents.join('---\n');
}

function indexedJob({ task, tasks = 1, round, isLight = false }: PlannedJob, options: KubernetesOptions): object {
  const { name, folder, directory, settings } = options;
  const gpus = isLight ? 0 : gpuCount(settings.gpus);
  const limits = {
    ...(settings.cpus !== undefined && { cpu: settings.cpus }),
    // Slurm counts in powers of 1024.
    ...(settings.memory !== undefined && { memory: `${settings.memory.replace(/^(\d+)$/, '$1M')}i` }),
    ...(gpus > 0 && { 'nvidia.com/gpu': gpus }),
  };
  const jobName = [labelOf(name), task, ...(round === undefined ? [] : [round])].join('-');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName },
    spec: {
      completionMode: 'Indexed',
      completions: tasks,
      parallelism: Math.min(tasks, settings.arrayLimit),
      // A pod that is evicted goes on from its checkpoint in another one.
      backoffLimit: 6 * tasks,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: settings.warnSeconds,
          containers: [
            {
              name: 'distillery',
              image: 'REPLACE-WITH-AN-IMAGE-THAT-HAS-DISTILLERY',
              workingDir: directory,
              command: [...(settings.program ?? ['distillery']), ...taskCommand(folder, { task, round })],
              env: [{ name: 'DISTILLERY_JOB', value: jobName }],
              ...(Object.keys(limits).length > 0 && { resources: { limits } }),
              volumeMounts: [{ name: 'shared', mountPath: directory }],
            },
          ],
          volumes: [
            { name: 'shared', persistentVolumeClaim: { claimName: 'REPLACE-WITH-A-CLAIM-THAT-ALL-PODS-MAY-WRITE-TO' } },
          ],
        },
      },
    },
  };
}

/** The number in `2` or `a100:2`. */
export function gpuCount(gpus: SlurmSettings['gpus']): number {
  return Number(
    String(gpus ?? 0)
      .split(':')
      .at(-1),
  );
}

/** A name as Kubernetes takes it (RFC 1123). */
function labelOf(name: string): string {
  const label = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'distillery' : label;
}
