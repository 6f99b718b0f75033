import * as z from 'zod';

// To find out whether it may compile schemas, zod looks at `navigator`, which VS Code logs as an error of the extension. Imported first by
// whatever is loaded by itself and has schemas.
z.config({ jitless: true });
