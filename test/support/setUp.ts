// Loaded before all tests.
import { isFull } from './full.ts';

// A run times its networks for up to 8 s, most of what a small one takes. Tests of timing itself name their own limit.
if (!isFull) process.env['DISTILLERY_TIMING_SECONDS'] ??= '0.2';
