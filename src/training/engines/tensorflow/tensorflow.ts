import type * as TensorFlowModule from '@tensorflow/tfjs-core';

/** TensorFlow.js as a namespace, whatever package it came from and whatever backend it has. */
export type TensorFlow = typeof TensorFlowModule;

export type Tensor = TensorFlowModule.Tensor;
export type Tensor4D = TensorFlowModule.Tensor4D;
export type Scalar = TensorFlowModule.Scalar;
export type Variable = TensorFlowModule.Variable;
