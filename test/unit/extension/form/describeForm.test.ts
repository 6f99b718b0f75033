import assert from 'node:assert/strict';
import { describeForm } from '../../../../src/extension/form/describeForm.ts';
import { formLabels } from '../../../../src/extension/form/labels.ts';
import { experimentJsonSchema, type JsonSchema } from '../../../../src/experiment/jsonSchema.ts';
import { experimentSchema } from '../../../../src/experiment/schema.ts';
import { usualObjective } from '../../../../src/objectives/chooseObjective.ts';
import type { FormField, VariantsField } from '../../../../src/protocol/form.ts';

const form = describeForm((text) => text);
const fields = form.flatMap((section) => section.fields);

function fieldAt(...names: readonly string[]): FormField {
  let found: readonly FormField[] = fields;
  let field: FormField | undefined;
  for (const name of names) {
    field = found.find((candidate) => candidate.name === name);
    assert.ok(field, names.join('.'));
    found = innerFields(field);
  }
  return field!;
}

function innerFields(field: FormField): readonly FormField[] {
  switch (field.kind) {
    case 'group':
      return field.fields;
    case 'variants':
      return field.variants.flatMap((variant) => variant.fields);
    case 'list':
      return innerFields(field.item);
    case 'ramp':
      return field.fields;
    case 'text':
    case 'number':
    case 'numbers':
    case 'texts':
    case 'flag':
    case 'choice':
    case 'map':
      return [];
  }
}

function names(described: readonly FormField[]): string[] {
  return described.flatMap((field) => [field.name, ...names(innerFields(field))]);
}

/** Names of properties, but not of those with one allowed value, which tell variants apart. */
function properties(schema: JsonSchema | boolean | undefined): string[] {
  if (typeof schema !== 'object' || (schema.properties && 'sites' in schema.properties)) return [];
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(properties);
  const items = Array.isArray(schema.items) ? [] : properties(schema.items);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === 'object' && property.const !== undefined ? [] : [name, ...properties(property)],
  );
  return [...own, ...inner, ...items];
}

describe('describeForm', () => {
  it('shows every field of the experiment schema, under its own name', () => {
    const whole = experimentJsonSchema();
    // What is about more machines than this one is written in the file, teachers at sites too.
    const own = Object.entries(whole.properties ?? {}).filter(([name]) => name !== 'rounds' && name !== 'runner');
    const expected = properties({ ...whole, properties: Object.fromEntries(own) }).filter((name) => name !== '$schema');
    // A number among the words that a field may have is the field itself.
    const shown = names(fields).filter((name) => name !== '');
    assert.deepEqual(shown.sort(), expected.sort());
  });

  it('calls everything by a word of its own, which is translated, and nothing by its key in the file', () => {
    const words = new Set(Object.values(formLabels((text) => text)));
    const called = (field: FormField): readonly string[] => {
      const choices = 'options' in field ? field.options : field.kind === 'variants' ? field.variants : [];
      const own = [field.label, ...choices.map(({ label }) => label)];
      return [...own, ...innerFields(field).flatMap(called), ...(field.kind === 'list' ? called(field.item) : [])];
    };
    const unknown = fields.flatMap(called).filter((label) => !words.has(label) && !/^\d*$/.test(label));
    assert.deepEqual([...new Set(unknown)], []);
  });

  it('has a section per part of the file and one for the rest', () => {
    assert.deepEqual(
      form.map((section) => section.id),
      ['teacher', 'dataset', 'student', 'objective', 'training', 'augmentation', 'run'],
    );
    assert.ok(form.every((section) => section.fields.length > 0));
  });

  it('offers the defaults that the schema fills in', () => {
    const filled = experimentSchema.parse({
      teacher: null,
      dataset: { path: 'x' },
      student: { architecture: 'convnet' },
    });
    const defaults = (...path: string[]) => (fieldAt(...path) as { readonly default?: unknown }).default;
    for (const [name, value] of Object.entries(filled.training)) assert.equal(defaults('training', name), value, name);
    assert.equal(defaults('dataset', 'validation'), filled.dataset.validation);
    assert.equal(defaults('dataset', 'normalization'), filled.dataset.normalization);
    assert.deepEqual(defaults('student', 'channels'), 'channels' in filled.student && filled.student.channels);
    assert.deepEqual(filled.objective, undefined, 'the task decides');
    assert.equal(defaults('baseline'), filled.baseline);
    assert.equal(defaults('device'), filled.device);
  });

  it('starts an objective of one’s own with the usual one', () => {
    const objective = fieldAt('objective');
    assert.ok(objective.kind === 'list');
    const filled = experimentSchema.parse({
      teacher: { model: 'x' },
      dataset: { path: 'x' },
      student: { architecture: 'mlp' },
      objective: objective.default,
    });
    assert.deepEqual(filled.objective, usualObjective('classification', true));
  });

  it('explains fields with the words of the schema', () => {
    const training = experimentJsonSchema().properties?.['training'];
    assert.ok(typeof training === 'object');
    const batchSize = training.properties?.['batchSize'];
    assert.ok(typeof batchSize === 'object' && batchSize.description !== undefined);
    assert.equal(fieldAt('training', 'batchSize').help, batchSize.description);
  });

  it('explains every loss and every architecture', () => {
    const objective = fieldAt('objective');
    assert.ok(objective.kind === 'list' && objective.item.kind === 'variants');
    const { variants: teachers } = fieldAt('teacher') as VariantsField;
    const { variants: students } = fieldAt('student') as VariantsField;
    for (const { id, help } of [...objective.item.variants, ...students]) assert.ok(help, id);
    const helpOf = (variants: VariantsField['variants'], wanted: string) =>
      variants.find(({ id }) => id === wanted)?.help;
    assert.match(helpOf(objective.item.variants, 'kd') ?? '', /1503\.02531/);
    assert.equal(helpOf(teachers, 'resnet'), helpOf(students, 'resnet'));
  });

  it('tells the kinds of teacher apart', () => {
    const teacher = fieldAt('teacher') as VariantsField;
    const variant = (wanted: string) => {
      const { match, initial } = teacher.variants.find(({ id }) => id === wanted)!;
      return { match, initial };
    };
    assert.deepEqual(variant('model'), { match: { kind: 'key', key: 'model' }, initial: { model: '' } });
    assert.deepEqual(variant('mlp'), {
      match: { kind: 'tag', key: 'architecture', value: 'mlp' },
      initial: { architecture: 'mlp' },
    });
    assert.deepEqual(variant('null'), { match: { kind: 'constant', value: null }, initial: null });
    assert.deepEqual(variant('ensemble').initial, { ensemble: [{ model: '' }, { model: '' }] });
    assert.equal(teacher.tag, undefined);
    const objective = fieldAt('objective');
    assert.ok(objective.kind === 'list' && objective.item.kind === 'variants');
    assert.equal(objective.item.tag, 'loss');
  });

  it('offers numbers that are chosen from a list as numbers', () => {
    const depth = fieldAt('student', 'depth');
    assert.equal(depth.kind, 'choice');
    assert.equal(depth.isNumeric, true);
    assert.equal(depth.default, '20');
    assert.ok(depth.options.some(({ value }) => value === '110'));
  });

  it('lets files be picked', () => {
    assert.equal((fieldAt('teacher', 'model') as { picker?: string }).picker, 'model');
    assert.equal((fieldAt('student', 'model') as { picker?: string }).picker, 'model');
    assert.equal((fieldAt('dataset', 'path') as { picker?: string }).picker, 'dataset');
  });

  it('starts a number that may be left to the data within its bounds', () => {
    const crossFit = fieldAt('teacher', 'crossFit');
    assert.ok(crossFit.kind === 'variants');
    const initial = crossFit.variants.find(({ match }) => match.kind === 'number')?.initial;
    assert.equal(initial, 5);
    const parsed = experimentSchema.safeParse({
      teacher: { architecture: 'mlp', crossFit: initial },
      dataset: { path: 'x' },
      student: { architecture: 'mlp' },
    });
    assert.ok(parsed.success);
  });

  it('starts every variant with a value that only lacks what a person must give', () => {
    const objective = fieldAt('objective');
    assert.ok(objective.kind === 'list' && objective.item.kind === 'variants');
    for (const { id, initial } of objective.item.variants) {
      const given: unknown = JSON.parse(JSON.stringify(initial).replaceAll('""', '"given"'));
      const parsed = experimentSchema.safeParse({
        teacher: null,
        dataset: { path: 'x' },
        student: { architecture: 'mlp' },
        objective: [given],
      });
      assert.ok(parsed.success, id);
    }
  });

  it('offers a number that can change over the run as a number with its course beside it', () => {
    const temperature = fieldAt('objective', 'temperature');
    assert.equal(temperature.kind, 'ramp');
    assert.equal(temperature.default, 4);
    assert.deepEqual(
      temperature.fields.map(({ name }) => name),
      ['from', 'to', 'until'],
    );
  });

  it('adds a row to a list of objects with what has to be given, still empty', () => {
    const pairs = fieldAt('objective', 'pairs');
    assert.ok(pairs.kind === 'list' && pairs.item.kind === 'group');
    assert.deepEqual(pairs.initialItem, { student: '', teacher: '' });
  });

  it('offers an object that is there or not with what it starts with', () => {
    const bounded = fieldAt('objective', 'bounded');
    assert.ok(bounded.kind === 'group');
    assert.deepEqual(bounded.initial, { margin: '' });
    const training = fieldAt('teacher', 'training');
    assert.ok(training.kind === 'group');
    assert.equal(training.initial, undefined, 'nothing in it has to be given');
  });

  it('shows nothing as switched on that is off: an object without which its flags are off is one to be asked for', () => {
    const quantization = fieldAt('quantization');
    assert.ok(quantization.kind === 'group');
    assert.deepEqual(quantization.initial, { staticInt8: true });
    const parsed = experimentSchema.parse({ dataset: { path: 'd' }, teacher: null, student: { architecture: 'mlp' } });
    // A flag that is ticked without being in the file is one that the run takes for on.
    for (const section of fields.filter((field) => field.kind === 'group' && field.initial === undefined)) {
      const value = parsed[section.name as keyof typeof parsed] as Readonly<Record<string, unknown>> | undefined;
      for (const flag of innerFields(section)) {
        if (flag.kind === 'flag' && flag.default)
          assert.equal(value?.[flag.name], true, `${section.name}.${flag.name}`);
      }
    }
  });

  it('folds away what has no value when it is left out, for a teacher as for the student', () => {
    const advanced = (...path: string[]) =>
      innerFields(fieldAt(...path))
        .filter((field) => field.isAdvanced)
        .map(({ name }) => name);
    const folded = advanced('training');
    assert.ok(folded.includes('beta1') && folded.includes('nesterov'), folded.join());
    assert.ok(!folded.includes('epochs') && !folded.includes('learningRate'), folded.join());
    // How long the student may learn is one of the few things that are always in sight.
    const ofTeacher = advanced('teacher', 'training').filter((name) => name !== 'maxMinutes');
    assert.deepEqual(ofTeacher, folded);
    assert.ok(!fieldAt('name').isAdvanced);
  });

  it('has few fields that are shown before all settings are asked for', () => {
    const essential = (described: readonly FormField[]): number =>
      described
        .filter(({ isEssential }) => isEssential)
        .reduce((count, field) => count + (field.kind === 'group' && !field.initial ? essential(field.fields) : 1), 0);
    // Those of the variants come on top: a file of the teacher's, a size of the student's.
    assert.ok(essential(fields) <= 10, String(essential(fields)));
    assert.ok(fieldAt('dataset', 'path').isEssential);
    assert.ok(!fieldAt('training', 'seed').isEssential);
  });

  it('calls fields by readable names', () => {
    assert.equal(fieldAt('training', 'learningRate').label, 'Learning rate');
    assert.equal(fieldAt('teacher', 'training', 'learningRate').label, 'Learning rate');
  });

  it('knows which fields name a value inside a network', () => {
    const named = (described: readonly FormField[]): readonly FormField[] =>
      described.flatMap((field) => [
        ...(field.kind === 'text' && field.featureOf ? [field] : []),
        ...named(innerFields(field)),
      ]);
    const features = named([fieldAt('objective')]);
    // hint, cosine, channel-wise, contrastive, queue-similarity, the pairs of attention transfer, and the features of rkd.
    assert.deepEqual(
      features.map((field) => (field.kind === 'text' ? [field.name, field.featureOf] : [])),
      Array.from({ length: 7 }, () => [
        ['student', 'student'],
        ['teacher', 'teacher'],
      ]).flat(),
    );
    assert.deepEqual(named(fields).length, features.length);
  });
});
