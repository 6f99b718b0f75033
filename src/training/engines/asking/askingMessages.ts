import type { DeviceName } from '../../../protocol/events.ts';

/** A tensor as it goes from one process to another. */
export interface SentTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** An input or output of a model, as ONNX Runtime describes it. */
export interface DescribedTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What the process that asks a network is told to do. */
export type AskingRequest =
  | {
      readonly kind: 'open';
      /** The model's bytes, or the path of its file. */
      readonly model: Uint8Array | string;
      readonly device: DeviceName;
      readonly threads: number;
    }
  | {
      readonly kind: 'run';
      readonly feeds: Readonly<Record<string, SentTensor>>;
      /** Names of the outputs that are wanted. */
      readonly outputs: readonly string[];
    }
  | { readonly kind: 'close' };

/** What it answers: once when it has started, and once to each request but the last. */
export type AskingAnswer =
  | { readonly kind: 'started' }
  | {
      readonly kind: 'opened';
      readonly inputs: readonly DescribedTensor[];
      readonly outputs: readonly DescribedTensor[];
    }
  | { readonly kind: 'said'; readonly outputs: Readonly<Record<string, SentTensor>> }
  /** ONNX Runtime refused. */
  | { readonly kind: 'failed'; readonly reason: string };
