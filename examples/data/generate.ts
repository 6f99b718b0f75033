import { writeFileSync } from 'node:fs';
import { exampleFiles } from './exampleData.ts';

for (const [name, content] of exampleFiles()) writeFileSync(new URL(name, import.meta.url), content);
