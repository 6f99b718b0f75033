import type { FormField, VariantsField } from '../../../src/protocol/form.ts';
import type { SampleKind } from '../../../src/protocol/experimentFacts.ts';
import { choiceTiles, type ChoiceTiles } from '../../components/choiceTiles.ts';
import { dropdown } from '../../components/dropdown.ts';
import { linkButton } from '../../components/linkButton.ts';
import { element } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { renderFields } from '../fieldList.ts';
import { fieldRow } from '../fieldRow.ts';
import type { FormContext } from '../formContext.ts';
import { offeredVariants } from '../offeredVariants.ts';
import { writtenPath, type Path } from '../paths.ts';
import { variantOf } from '../variantOf.ts';

/** Value of the entry for nothing; the toolkit's dropdown cannot tell empty text from no value. */
const NONE = '-';

/** A value of one of several shapes: a choice of the shape, then that shape's fields. */
export function renderVariants(field: VariantsField, path: Path, context: FormContext): HTMLElement {
  const variant = variantOf(field, context.value(path));
  const selectorPath = writtenPath(field.tag === undefined ? path : [...path, field.tag]);
  // An item of a list has a place of its own for what is wrong with it as a whole.
  const isItem = typeof path.at(-1) === 'number';
  const help = variant?.help ?? field.help;
  // Without an entry for none the toolkit's list chooses its first one by itself.
  const mayBeNone = selectorPath !== 'student' && (variant === undefined || field.isAdvanced === true);
  const options = {
    testId: selectorPath,
    label: field.label,
    ...(help !== undefined && { description: help }),
    choices: [
      ...(mayBeNone ? [{ value: NONE, label: t('Default') }] : []),
      ...field.variants.map(({ id, label }) => ({ value: id, label })),
    ],
    onChange: (id: string) => {
      if (id === NONE && context.value(path) !== undefined) context.restructure(path, undefined);
      const chosen = field.variants.find((candidate) => candidate.id === id);
      if (chosen && chosen !== variant) context.restructure(path, chosen.initial);
    },
  };
  // What the student is decides what everything else is about: its choices are in sight, those first that suit the data.
  const tiles = selectorPath === 'student' ? choiceTiles(options) : undefined;
  const control = tiles ?? dropdown(options);
  control.setValue(variant?.id ?? NONE);
  const inner = renderFields(
    (variant?.fields ?? []).map((each) => namedAs(field.label, each)),
    path,
    context,
  );
  // A number in place of what is chosen by itself belongs to the choice.
  const isOneValue = variant?.fields.length === 1 && variant.fields[0]?.name === '';
  return element(
    'div',
    { class: 'fields' },
    fieldRow({
      context,
      path: selectorPath,
      ...(field.tag !== undefined && !isItem && { alias: writtenPath(path) }),
      label: field.label,
      control,
      ...(isOneValue && inner[0] && { below: inner[0] }),
      isWide: true,
      ...(help !== undefined && { help }),
    }),
    ...(tiles ? [moreChoices(field, selectorPath, variant?.id, tiles, context)] : []),
    ...(isOneValue ? [] : inner),
  );
}

/** The value of the variant itself is told by the label of the choice, which stands above both. */
function namedAs(label: string, field: FormField): FormField {
  return field.name === '' ? { ...field, label } : field;
}

/** Offers what suits the data, and a link that brings the rest into sight. */
function moreChoices(
  { variants }: VariantsField,
  path: string,
  chosen: string | undefined,
  tiles: ChoiceTiles,
  context: FormContext,
): HTMLElement {
  const link = linkButton({
    testId: `${path}.others`,
    label: '',
    onClick: () => {
      context.showAllChoices(path);
      offer();
      tiles.element.querySelector<HTMLElement>('[role=radio][tabindex="0"]')?.focus();
    },
  });
  let samples: SampleKind | undefined;
  const offer = (): void => {
    const first = offeredVariants(variants, samples, chosen).map(({ id }) => id);
    const showsAll = context.showsAllChoices(path);
    tiles.offer(first, showsAll);
    link.setLabel(t('More ({0})', variants.length - first.length));
    link.setVisible(!showsAll && first.length < variants.length);
  };
  context.withSamples((known) => {
    samples = known;
    offer();
  });
  return element('p', { class: 'more-choices' }, link.element);
}
