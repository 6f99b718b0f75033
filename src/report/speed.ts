/** Milliseconds of one forward pass at batch 1: median, 95th and 99th percentile. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  /** Null in reports that were written before it was measured. */
  readonly p99: number | null;
}

/** Samples per second, from the median time of a forward pass. */
export interface Throughput {
  /** One sample at a time. */
  readonly single: number;
  /** 32 samples at a time; null for a model that takes no such batch. */
  readonly batched: number | null;
}

/** How busy a machine was with other things while speeds were measured. */
export interface MeasuredLoad {
  /** Whether that was so much that times are less certain than their intervals say. */
  readonly isBusy: boolean;
  /** Share of all processors that other processes took, 0…1; null where the system does not tell. */
  readonly others: number | null;
  /** Share of the time in which the networks waited for a processor, 0…1; null on other devices than the CPU. */
  readonly waiting: number | null;
}

/** How fast a network is on a device. */
export interface Speed {
  readonly latencyMs: Latency;
  readonly throughput: Throughput | null;
}

/**
 * Bytes by which the peak resident memory of a process grows that loads a network with ONNX Runtime on the CPU and runs it; what
 * ONNX Runtime takes by itself is not part of it.
 */
export interface MemoryUse {
  /** One sample at a time. */
  readonly single: number;
  /** 32 samples at a time; null for a model that takes no such batch. */
  readonly batched: number | null;
}
