import { randomStream } from '../../data/random.ts';
import { appendProjection, appendRegressor, regressorsOf } from '../../objectives/features/appendRegressor.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';

/**
 * The student as it is trained: with the learned maps that terms of the objective put between its features and the teacher's. They
 * never reach the exported student, which is made from the network without them.
 *
 * @param network a student of its own, whose graph is added to
 */
export function withRegressors(network: InitialNetwork, trainingTask: TrainingTask, seed: number): InitialNetwork {
  const regressors = regressorsOf(trainingTask.objective);
  if (regressors.length === 0) return network;
  const { graph, trainable } = network;
  const before = new Set(graph.initializers.keys());
  for (const { name, kind, student, teacher } of regressors) {
    const append = kind === 'regressor' ? appendRegressor : appendProjection;
    const teacherShape = ['batch', ...(trainingTask.teacherFeatures?.get(teacher) ?? [])];
    append(graph, graph.value(student), teacherShape, name, randomStream(seed, name));
  }
  if (!trainable) return { ...network, graph };
  const added = [...graph.initializers.keys()].filter((name) => !before.has(name) && !graph.isConstant(name));
  return { ...network, graph, trainable: new Set([...trainable, ...added]) };
}
