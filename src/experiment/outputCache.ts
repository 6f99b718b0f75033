import { resolve } from 'node:path';
import { classesOf } from '../data/task.ts';
import { featurePairsOf } from '../objectives/objectiveTerm.ts';
import { dimensionsOf } from '../onnx/graph.ts';
import { elementCount } from '../onnx/tensor.ts';
import type { Phase } from '../protocol/events.ts';
import { formatBytes } from '../protocol/format.ts';
import { OutputCache } from '../teacher/cache/outputCache.ts';
import type { Teachers } from '../teacher/teach.ts';
import { alterationOf } from './alteration.ts';
import type { Run } from './distill.ts';

/**
 * Where a run keeps the outputs of its teachers and looks for those of earlier runs; undefined where it does not. A teacher that
 * the run has trained is met in no other run.
 *
 * @param phase that the run is in when something is read or kept
 */
export function outputCacheOf(
  { experiment, prepared, baseDirectory, cacheFolder, onEvent }: Run,
  phase: () => Phase,
): OutputCache | undefined {
  const { keep, precision, folder: named } = experiment.cache;
  const folder = named === undefined ? cacheFolder : resolve(baseDirectory, named);
  if (!keep || folder === undefined || !prepared.teachers) return undefined;
  const tell = (message: string): void => {
    onEvent({ kind: 'phase', phase: phase(), message });
  };
  return new OutputCache({
    folder,
    precision,
    onEvent: (event) => {
      switch (event.kind) {
        case 'read':
          tell(`Has read outputs of the teacher that an earlier run kept (${described(event)})`);
          break;
        case 'written':
          tell(`Has kept outputs of the teacher for later runs (${described(event)})`);
          break;
        case 'warning':
          onEvent(event);
      }
    },
  });
}

function described({ bytes, view }: { readonly bytes: number; readonly view: number | undefined }): string {
  return view === undefined ? formatBytes(bytes) : `view ${view + 1}, ${formatBytes(bytes)}`;
}

/** Bytes that the outputs of a run's teachers take on the disk, headers aside. */
export function storedOutputBytes({ experiment, prepared }: Run, { members }: Teachers): number {
  const { dataset, objective, outputShape } = prepared;
  const alteration = alterationOf(experiment);
  // A view that no epoch sees is not asked about. Where samples change at every step, only the validation split is.
  const views = alteration ? Math.min(alteration.views ?? 0, experiment.training.epochs) : 1;
  const training = views * dataset.training.count;
  const graph = members[0]?.model.graph;
  const features = new Set(objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher));
  const featureValues = [...features].reduce((sum, name) => {
    const value = graph?.find(name);
    return sum + (value ? elementCount(dimensionsOf(value).slice(1)) : 0);
  }, 0);
  const { precision, topK } = experiment.cache;
  const bytesPerNumber = precision === 'float16' ? 2 : 4;
  const values = elementCount(outputShape);
  const distributions = values / classesOf(dataset.task).length;
  // Classes are not rounded; beside the largest probabilities there is one for all others.
  const trainingBytes =
    topK === undefined ? values * bytesPerNumber : distributions * (topK * 4 + (topK + 1) * bytesPerNumber);
  const ofOutputs = training * trainingBytes + dataset.validation.count * values * bytesPerNumber;
  return members.length * ofOutputs + featureValues * training * bytesPerNumber;
}
