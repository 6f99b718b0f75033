import type { RunRequest } from '../../protocol/trainer.ts';
import type { NewRun, RunsOptions } from './runsOptions.ts';

/** What the process that trains a new run is asked for, with the person's settings as they are at the moment. */
export function requestToRun(
  { experiment, baseDirectory, folder }: Pick<NewRun, 'experiment' | 'baseDirectory'> & { readonly folder: string },
  options: Pick<RunsOptions, 'device' | 'memory' | 'language'>,
): RunRequest {
  const device = options.device?.();
  const onDevice = device !== undefined && isObject(experiment) ? { device, ...experiment } : experiment;
  return { kind: 'run', experiment: onDevice, baseDirectory, folder, ...settingsOf(options) };
}

/** What the process that goes on with a run is asked for. */
export function requestToResume(folder: string, options: Pick<RunsOptions, 'memory' | 'language'>): RunRequest {
  return { kind: 'resume', folder, ...settingsOf(options) };
}

function settingsOf(options: Pick<RunsOptions, 'memory' | 'language'>): {
  readonly memory?: number;
  readonly language?: string;
} {
  const [memory, language] = [options.memory?.(), options.language?.()];
  return { ...(memory !== undefined && { memory }), ...(language !== undefined && { language }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
