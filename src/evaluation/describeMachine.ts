import os from 'node:os';
import { env } from '../platform/onnxRuntime.ts';
import { formatBytes } from '../report/format.ts';

/** The machine and the software that measured, in one line: processor, cores, memory, system, Node.js, ONNX Runtime. */
export function describeMachine(): string {
  const processor = os.cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? 'Unknown processor';
  const cores = os.availableParallelism();
  return [
    processor,
    `${cores} ${cores === 1 ? 'core' : 'cores'}`,
    `${formatBytes(os.totalmem())} memory`,
    `${os.platform()} ${os.release()} ${os.arch()}`,
    `Node.js ${process.versions.node}`,
    `ONNX Runtime ${env.versions.node ?? env.versions.common}`,
  ].join(', ');
}
