import { pairsFor } from '../../src/protocol/features.ts';
import type { FormField } from '../../src/protocol/form.ts';
import { button } from '../components/button.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import type { FormContext } from './formContext.ts';
import { writtenPath, type Path } from './paths.ts';

/** Whether fields are those of a pair of values inside the networks. */
export function isPair(fields: readonly FormField[]): boolean {
  const named = fields.flatMap((field) => (field.kind === 'text' && field.featureOf ? [field.featureOf] : []));
  return named.includes('student') && named.includes('teacher');
}

/** What fills a list of pairs with those that are proposed for its loss. */
export function proposalOfPairs(path: Path, context: FormContext): HTMLElement {
  return proposal(path, t('Propose pairs'), context, (pairs) => {
    context.restructure(path, pairs);
  });
}

/** What fills the two names of a pair with the proposal that lies deepest in the networks. */
export function proposalOfPair(path: Path, context: FormContext): HTMLElement {
  return proposal(path, t('Propose a pair'), context, (pairs) => {
    const value = context.value(path);
    context.restructure(path, { ...(typeof value === 'object' ? value : {}), ...pairs.at(-1) });
  });
}

interface Pair {
  readonly student: string;
  readonly teacher: string;
}

/** A button that asks for the values of both networks where they are not known yet. */
function proposal(path: Path, label: string, context: FormContext, use: (pairs: readonly Pair[]) => void): HTMLElement {
  const written = `${writtenPath(path)}.propose`;
  const isAsked = context.answers.features === 'asked';
  const propose = button({
    testId: written,
    label: isAsked ? t('Looking into both networks…') : label,
    appearance: 'secondary',
    onClick: () => {
      context.answers.withFeatures((features) => {
        const pairs = pairsFor(lossAt(path, context), features);
        if (pairs.length > 0) use(pairs.map(({ student, teacher }) => ({ student, teacher })));
        else context.tell(written, t('The two networks have no values of the same size that this loss can compare.'));
      });
    },
  });
  context.register(written, {
    setProblem: () => undefined,
    setEnabled: (isEnabled) => {
      propose.setEnabled(isEnabled && !isAsked);
    },
  });
  const note = context.told(written);
  return element(
    'div',
    { class: 'wide' },
    propose.element,
    ...(note === undefined ? [] : [element('p', { class: 'field-help', role: 'status' }, note)]),
  );
}

/** The loss of the term that a field belongs to. */
function lossAt([section = '', index = 0]: Path, context: FormContext): string {
  const loss = context.value([section, index, 'loss']);
  return typeof loss === 'string' ? loss : '';
}
