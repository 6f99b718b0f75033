import { experimentJsonSchema, type JsonSchema } from '../../experiment/jsonSchema.ts';
import { suitability, type Suitability } from '../../experiment/schema/suitedSamples.ts';
import type { FormField, FormSection } from '../../protocol/form.ts';
import type { Translate } from '../translate.ts';
import { advancedFields } from './advanced.ts';
import { describeFields } from './describeField.ts';
import { formLabels } from './labels.ts';
import { plainHelp } from './plainHelp.ts';
import { PICKERS } from './pickers.ts';

/** Fields that name a value inside a network. */
const FEATURES: Readonly<Record<string, 'student' | 'teacher'>> = Object.fromEntries(
  (['student', 'teacher'] as const).flatMap((network) =>
    ['objective[]', 'objective[].pairs[]', 'objective[].features'].map((place) => [`${place}.${network}`, network]),
  ),
);

/** Parts of the file about more machines than this one, which are written in it, and left as they are. */
const FOR_CLUSTERS: ReadonlySet<string> = new Set(['rounds', 'runner']);

/**
 * The panel's form, made from the experiment file's schema: a section per part of the file, and one for everything
 * that is not a part of its own. A field that is added to the schema appears by itself.
 */
export function describeForm(translate: Translate): readonly FormSection[] {
  const experiment = forThePanel(experimentJsonSchema());
  const words = {
    translate,
    labels: formLabels(translate),
    help: plainHelp(translate),
    pickers: PICKERS,
    features: FEATURES,
    isAdvanced: advancedFields(experiment),
  };
  const fields = describeFields('', experiment, words).map(withSuitability);
  const parts = [
    { id: 'teacher', title: translate('Teacher') },
    { id: 'dataset', title: translate('Dataset') },
    { id: 'student', title: translate('Student') },
    { id: 'objective', title: translate('Objective') },
    { id: 'training', title: translate('Training') },
    { id: 'augmentation', title: translate('Augmentation'), isFolded: true },
  ];
  const ownSection = new Set(parts.map((part) => part.id));
  const field = (name: string): FormField[] => fields.filter((candidate) => candidate.name === name);
  return [
    ...parts.map((part) => ({ ...part, fields: field(part.id) })),
    { id: 'run', title: translate('Run'), fields: fields.filter((candidate) => !ownSection.has(candidate.name)) },
  ];
}

/** The student's variants say which samples they suit. */
function withSuitability(field: FormField): FormField {
  if (field.name !== 'student' || field.kind !== 'variants') return field;
  const known: Readonly<Record<string, Suitability | undefined>> = suitability;
  return {
    ...field,
    variants: field.variants.map((variant) => {
      const suits = known[variant.id];
      return suits ? { ...variant, suits } : variant;
    }),
  };
}

function forThePanel(experiment: JsonSchema): JsonSchema {
  const shown = Object.entries(experiment.properties ?? {}).filter(([name]) => !FOR_CLUSTERS.has(name));
  const properties = Object.fromEntries(
    shown.map(([name, schema]) => [name, name === 'teacher' ? withoutSites(schema as JsonSchema) : schema]),
  );
  return { ...experiment, properties };
}

/** Teachers at sites are written in the file, too: of them the form only says that there are some. */
function withoutSites(teacher: JsonSchema): JsonSchema {
  const anyOf = teacher.anyOf?.map((alternative) => {
    const { properties, ...rest } = alternative;
    return properties && 'sites' in properties ? rest : alternative;
  });
  return { ...teacher, ...(anyOf && { anyOf }) };
}
