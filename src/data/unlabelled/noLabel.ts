/**
 * What a training step is fed in place of a label that is not there. It is far below every label, and stays so when it is mixed with
 * one: a mixture with an unlabelled sample has no label either.
 */
export const NO_LABEL = -1e30;

/** What is below this is no label. */
export const LEAST_LABEL = -1e20;

/** In place of the class of a sample, or of a token that would have one, where it is not known. */
export const UNKNOWN_CLASS = -2;
