import * as os from 'node:os';
import type { InferenceSession as Sessions } from 'onnxruntime-node';
import { InferenceSession, Tensor as RuntimeTensor } from '../../platform/onnxRuntime.ts';
import { DistilleryError, messageOf } from '../../errors.ts';
import { missingFile } from '../../platform/writingError.ts';
import type { DataType } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';

/** Sessions that are open: whoever opens one closes it, and tests check that nothing is left. */
let open = 0;

let threads = os.availableParallelism();

/** Sessions that are opened from now on compute with so many threads; by default one for each core. */
export function limitThreads(count: number): void {
  threads = count;
}

/** How images lie on a GPU while convolutions compute them: with their channels last, or first as in the graph. */
export type ImageLayout = 'NHWC' | 'NCHW';

let layout: ImageLayout = 'NHWC';

/** Sessions that are opened on WebGPU from now on lay images out like this; by default with channels last, as ONNX Runtime (1.30) does. */
export function preferLayout(preferred: ImageLayout): void {
  layout = preferred;
}

/** How sessions lay images out that are opened on WebGPU from now on. */
export function sessionLayout(): ImageLayout {
  return layout;
}

/** Number of ONNX Runtime sessions that have not been released. */
export function openSessions(): number {
  return open;
}

/** How many threads sessions compute with that are opened from now on. */
export function sessionThreads(): number {
  return threads;
}

/** Counts a session that is open in a process of its own (1), or no more (-1). */
export function noteSession(change: 1 | -1): void {
  open += change;
}

/**
 * How the WebGPU provider is to compute. Buffers are kept for others of the same size ('simple'): all steps have the same. In ONNX Runtime's own
 * mode ('bucket', 1.30) they are as large as the next of 26 sizes, up to twice what is needed, and those beyond 168 MB are made anew every time.
 */
function webgpuOptions(): Sessions.WebGpuExecutionProviderOption {
  return { name: 'webgpu', preferredLayout: layout, storageBufferCacheMode: 'simple' };
}

export interface SessionOptions {
  readonly device: DeviceName;
  /** Outputs that stay on the device; everything else is read back. */
  readonly keepOnDevice?: readonly string[];
  /** Begin of the path of a file that runs are profiled in, until the profile is ended; by default they are not. */
  readonly profilePrefix?: string | undefined;
  /** Whether products of matrices are computed in bfloat16 on the CPU, where it has them; by default in float32. */
  readonly multipliesInBfloat16?: boolean | undefined;
}

/**
 * Entries of a session's configuration for products in bfloat16, by the parts of their names. Products that were joined with a transposition
 * or a sum would stay float32 (1.30).
 */
const bfloat16Entries = {
  mlas: { enable_gemm_fastmath_arm64_bfloat16: '1' },
  optimization: { disable_specified_optimizers: 'MatmulTransposeFusion;MatMulAddFusion' },
};

/**
 * Opens an ONNX Runtime session on a model's bytes or file.
 * @throws DistilleryError `FILE_NOT_FOUND`, `BAD_FILE` when ONNX Runtime refuses the model, `DEVICE` when the device does
 */
export async function openSession(
  model: Uint8Array | string,
  { device, keepOnDevice = [], profilePrefix, multipliesInBfloat16 = false }: SessionOptions,
): Promise<InferenceSession> {
  const options: Sessions.SessionOptions = {
    executionProviders: [device === 'webgpu' ? webgpuOptions() : device],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    // Planning one block for all activations takes more memory, and mapping it anew for every run takes time.
    enableMemPattern: false,
    // Threads wait for the next operator awake, but no longer: they would take the processor from the editor and from each other.
    extra: {
      session: { intra_op: { allow_spinning: '1', spin_duration_us: '500' } },
      ...(multipliesInBfloat16 && bfloat16Entries),
    },
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    ...(keepOnDevice.length > 0 && {
      preferredOutputLocation: Object.fromEntries(keepOnDevice.map((name) => [name, 'gpu-buffer' as const])),
    }),
  };
  try {
    // The overloads of `create` take one or the other, not both.
    const session = await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options));
    open++;
    return session;
  } catch (error) {
    const where = typeof model === 'string' ? `'${model}'` : 'the graph';
    const missing = typeof model === 'string' ? missingFile(model) : undefined;
    if (missing) throw missing;
    throw new DistilleryError(
      device === 'cpu' ? 'BAD_FILE' : 'DEVICE',
      `ONNX Runtime refuses ${where} on ${device}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Releases a session. */
export async function closeSession(session: InferenceSession): Promise<void> {
  open--;
  await session.release();
}

/** A tensor of ONNX Runtime around the contents of a network's input, which are not copied. */
export function inputTensor(
  type: DataType,
  data: Float32Array | BigInt64Array | Int32Array | Uint8Array,
  shape: readonly number[],
): RuntimeTensor {
  return new RuntimeTensor(type as 'float32', data as Float32Array, shape);
}

/** A float32 tensor of ONNX Runtime around `data`, which is not copied. */
export function runtimeTensor(data: Float32Array, shape: readonly number[]): RuntimeTensor {
  return new RuntimeTensor('float32', data, shape);
}
