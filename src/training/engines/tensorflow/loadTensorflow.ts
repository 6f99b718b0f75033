import { createRequire } from 'node:module';
import util from 'node:util';
import { DistilleryError, messageOf } from '../../../errors.ts';
import type { TensorFlow } from './tensorflow.ts';

const packageName = '@tensorflow/tfjs-node';

/**
 * Loads TensorFlow.js with its native library.
 * @throws DistilleryError `UNSUPPORTED` when the package or its library is not installed; the hint tells how to
 */
export function loadTensorflow(load: (name: string) => unknown = createRequire(import.meta.url)): TensorFlow {
  // TensorFlow.js 4.22 calls this function, which Node 23 removed.
  const legacy: { isNullOrUndefined?: (value: unknown) => boolean } = util;
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    return load(packageName) as TensorFlow;
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    const isAbsent =
      (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && reason.includes(`'${packageName}'`);
    throw new DistilleryError(
      'UNSUPPORTED',
      isAbsent
        ? `The engine 'tensorflow' needs the package ${packageName}, which is not installed.`
        : `The engine 'tensorflow' needs ${packageName}, which does not load: ${reason.trim()}`,
      {
        hint: isAbsent
          ? `Install it with \`npm install ${packageName} --ignore-scripts=false\`, or choose the engine 'onnxruntime'.`
          : `Fetch its native library with \`npm rebuild ${packageName} --ignore-scripts=false\`, or choose the engine 'onnxruntime'.`,
        cause: error,
      },
    );
  }
}
