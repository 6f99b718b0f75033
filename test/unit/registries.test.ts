import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gradientRules } from '../../src/autodiff/registry.ts';
import { experimentJsonSchema } from '../../src/experiment/jsonSchema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The texts of the files below a folder whose names end like this, in one. */
function textOf(folder: string, ending: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('registries.test'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
}

/** The values that a field may have in an experiment file, such as the names of all losses. */
function listedIn(schema: unknown, field: string): readonly string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { properties } = part as { properties?: Readonly<Record<string, { const?: unknown }>> };
    const value = properties?.[field]?.const;
    if (typeof value === 'string') found.add(value);
    Object.values(part).forEach(visit);
  };
  visit(schema);
  return [...found];
}

/** The files of a folder's first level, without README and endings. */
function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
}

describe('whatever is listed in a registry', () => {
  const tests = textOf('test', '.ts');
  const docs = textOf('docs', '.md') + readFileSync(join(root, 'README.md'), 'utf8');
  const examples = textOf('examples', '.distill.json');

  for (const loss of listedIn(experimentJsonSchema(), 'loss')) {
    it(`the loss ${loss} has a test, a row in the docs and an example`, () => {
      assert.ok(tests.includes(`'${loss}'`), 'no test names it');
      assert.ok(docs.includes(`\`${loss}\``), 'no document names it');
      assert.ok(examples.includes(`"${loss}"`), 'no example uses it');
    });
  }

  for (const architecture of listedIn(experimentJsonSchema(), 'architecture')) {
    it(`the student ${architecture} has a test, a row in the docs and an example`, () => {
      assert.ok(tests.includes(`'${architecture}'`), 'no test names it');
      assert.ok(
        docs.includes(`"architecture": "${architecture}"`) || docs.includes(`\`${architecture}\``),
        'no document names it',
      );
      assert.ok(examples.includes(`"${architecture}"`), 'no example uses it');
    });
  }

  it('every gradient rule has a case that checks it', () => {
    const cases = textOf('test/unit/autodiff', '.ts') + textOf('test/support', '.ts');
    const known = cases.toLowerCase().replaceAll('_', '');
    const unchecked = [...gradientRules.keys()].filter(
      (key) => !known.includes((key.split('.').at(-1) ?? key).toLowerCase()),
    );
    assert.deepEqual(unchecked, []);
  });

  it('every section of the report has a test', () => {
    const registry = readFileSync(join(root, 'src/report/reportSections.ts'), 'utf8');
    for (const section of filesIn('src/report/sections', 'Section.ts')) {
      assert.ok(registry.includes(`${section}Section(`), `${section} is in no report`);
    }
  });

  it('every command of the terminal is listed, documented and tested', () => {
    const main = readFileSync(join(root, 'src/cli/main.ts'), 'utf8');
    for (const command of filesIn('src/cli/commands', 'Command.ts')) {
      assert.match(main, new RegExp(`^  ${command}Command[,(]`, 'm'), `${command} is not listed`);
      assert.ok(docs.includes(`distillery ${command}`), `${command} is in no document`);
      assert.ok(tests.includes(`'${command}'`), `${command} has no test`);
    }
  });

  it('no folder of the sources holds more files than can be taken in at a glance', () => {
    const crowded = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce(
        (counts, { parentPath }) => counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1),
        new Map<string, number>(),
      );
    assert.deepEqual(
      [...crowded].filter(([, count]) => count > 25),
      [],
    );
  });
});
