import { alternativesOf, experimentJsonSchema } from '../../experiment/jsonSchema.ts';
import { experimentTemplates } from '../../experiment/templates.ts';
import type { Translate } from '../translate.ts';

/** A snippet as JSON's language service takes it: text with `$1` and `${1:…}` for what is to be filled in. */
export interface SectionSnippet {
  readonly label: string;
  readonly description: string;
  readonly bodyText: string;
}

/** Snippets for the whole file (the empty name), for parts of it, and for elements of a list (`objective[]`). */
export function sectionSnippets(translate: Translate): Readonly<Record<string, readonly SectionSnippet[]>> {
  const snippet = (label: string, description: string, bodyText: string): SectionSnippet => ({
    label,
    description,
    bodyText,
  });
  return {
    '': experimentTemplates(translate).map(({ title, description, write }) =>
      snippet(title, description, asSnippet(write({}))),
    ),
    teacher: [
      snippet(translate('a model'), translate('A teacher that exists already.'), '{ "model": "${1:teacher.onnx}" }'),
      snippet(
        translate('train one first'),
        translate('A teacher to train first, on the labels.'),
        choosing(architecturesOf('teacher')),
      ),
      snippet(translate('no teacher'), translate('Trains on the labels only.'), 'null'),
    ],
    student: [
      snippet(
        translate('a new network'),
        translate('A network that Distillery builds.'),
        choosing(architecturesOf('student')),
      ),
      snippet(
        translate('a narrower teacher'),
        translate("The teacher's own network with narrower layers."),
        '{ "shrink": ${1:0.5} }',
      ),
    ],
    'objective[]': [
      snippet(
        'kd',
        translate("The teacher's probabilities, softened."),
        '{ "loss": "kd", "temperature": ${1:4}, "weight": ${2:0.9} }',
      ),
      snippet('labels', translate('The labels.'), '{ "loss": "labels", "weight": ${1:0.1} }'),
      snippet(
        'hint',
        translate('Layers of the student are to be as those of the teacher.'),
        '{ "loss": "hint", "student": "$1", "teacher": "$2", "weight": ${3:1} }',
      ),
    ],
    require: [
      snippet(
        translate('a bar for the student'),
        translate('What `distillery check` and the Test Explorer hold the student against.'),
        '{ "accuracy": ${1:0.97}, "bytes": ${2:100000} }',
      ),
    ],
    search: [
      snippet(
        translate('a search'),
        translate('What `distillery search` varies, and what it looks for.'),
        '{\n\t"space": {\n\t\t"${1:training.learningRate}": { "log": [${2:0.0001}, ${3:0.01}] }\n\t},\n\t"trials": ${4:30}\n}',
      ),
    ],
  };
}

/** The names that `architecture` may have in a section. */
function architecturesOf(section: 'teacher' | 'student'): readonly string[] {
  const schema = experimentJsonSchema().properties?.[section];
  return typeof schema !== 'object'
    ? []
    : alternativesOf(schema, undefined).flatMap(({ properties }) => {
        const tag = properties?.['architecture'];
        return typeof tag === 'object' && typeof tag.const === 'string' ? [tag.const] : [];
      });
}

function choosing(architectures: readonly string[]): string {
  return `{\n\t"architecture": "\${1|${architectures.join(',')}|}"$0\n}`;
}

/** A text that is to stand as it is. */
function asSnippet(text: string): string {
  return text.trimEnd().replace(/[\\$}]/g, '\\$&');
}
