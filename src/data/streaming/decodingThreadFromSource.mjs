// Starts the decoding thread where the program runs from its sources: a thread does not inherit the hooks that compile them.
import { register } from 'tsx/esm/api';

register();
await import('./decodingThread.ts');
