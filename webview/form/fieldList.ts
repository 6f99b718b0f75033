import type { FormField } from '../../src/protocol/form.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';
import type { FormContext } from './formContext.ts';
import { writtenPath, type Path } from './paths.ts';
import { isPair, proposalOfPair } from './pairProposals.ts';

/** Fields below each other; those that most people never touch are folded away behind them. */
export function renderFields(fields: readonly FormField[], path: Path, context: FormContext): HTMLElement[] {
  const pathOf = ({ name }: FormField): Path => (name === '' ? path : [...path, name]);
  const lastOfPair = pairEnd(fields, path);
  const render = (field: FormField): HTMLElement[] => [
    marked(context.render(field, pathOf(field)), field),
    ...(field === lastOfPair ? [proposalOfPair(path, context)] : []),
  ];
  const usual = fields.filter((field) => field.isAdvanced !== true);
  const advanced = fields.filter((field) => field.isAdvanced === true);
  if (usual.length === 0 || advanced.length === 0) return fields.flatMap(render);
  const isSet = advanced.some((field) => context.value(pathOf(field)) !== undefined);
  return [...usual.flatMap(render), folded(`${writtenPath(path)}.more`, isSet, advanced.flatMap(render))];
}

/** What is shown only among all settings is marked so. The value of a variant itself goes with the choice of the variant. */
function marked(rendered: HTMLElement, field: FormField): HTMLElement {
  rendered.classList.toggle('detail', field.isEssential !== true && field.name !== '');
  return rendered;
}

/** The field behind which a pair is proposed; the pairs of a list are proposed all together. */
function pairEnd(fields: readonly FormField[], path: Path): FormField | undefined {
  if (!isPair(fields) || path.at(-2) === 'pairs') return undefined;
  return fields.findLast((field) => field.kind === 'text' && field.featureOf !== undefined);
}

function folded(id: string, isOpenAtFirst: boolean, content: readonly HTMLElement[]): HTMLElement {
  const details = element(
    'details',
    { class: 'group wide detail', 'data-testid': id, open: uiState().sections[id] ?? isOpenAtFirst },
    element('summary', {}, t('More')),
    element('div', { class: 'fields' }, ...content),
  );
  details.addEventListener('toggle', () => {
    if (details.open !== (uiState().sections[id] ?? isOpenAtFirst)) {
      keepUi({ sections: { ...uiState().sections, [id]: details.open } });
    }
  });
  return details;
}
