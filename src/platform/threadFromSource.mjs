// Starts the program named by the first argument in a thread, where Distillery runs from its sources: a thread does not inherit the
// hooks that compile them.
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2]);
