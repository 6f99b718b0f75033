import type { Button } from '../components/button.ts';
import type { Control } from '../components/control.ts';
import { element, withCode } from '../dom.ts';
import type { FieldSlot, FormContext } from './formContext.ts';
import { problemPlace } from './problemPlace.ts';

/** A control with its label above, what it means below, and a place for what is wrong with it. */
export function fieldRow(options: {
  readonly context: FormContext;
  readonly path: string;
  /** Another path whose problems belong here. */
  readonly alias?: string;
  /** Omitted where the control shows its own label. */
  readonly label?: string;
  readonly help?: string;
  readonly control: Pick<Control<never>, 'element' | 'setEnabled' | 'setProblem'>;
  /** More controls beside the first one. */
  readonly beside?: readonly { readonly element: HTMLElement; setEnabled(isEnabled: boolean): void }[];
  /** What else can be done, beneath. */
  readonly action?: Button;
  /** More controls in a row of their own. */
  readonly below?: HTMLElement;
  readonly isWide?: boolean;
}): HTMLElement {
  const { context, path, label, help, control, beside = [] } = options;
  const problem = problemPlace(path);
  const row = element('div', { class: `field${options.isWide === true ? ' wide' : ''}` });
  // The control names itself; a second label element would be read twice.
  if (label !== undefined)
    row.append(element('div', { class: 'field-label', 'aria-hidden': 'true', title: path }, label));
  else control.element.title = path;
  row.append(
    element('div', { class: 'field-controls' }, control.element, ...beside.map((other) => other.element)),
    ...(options.below ? [options.below] : []),
    problem.element,
    ...(options.action ? [options.action.element] : []),
  );
  if (help !== undefined) row.append(element('p', { class: 'field-help' }, ...withCode(help)));
  const slot: FieldSlot = {
    setProblem(message) {
      control.setProblem(message);
      problem.setProblem(message);
    },
    setEnabled(isEnabled) {
      for (const each of [control, ...beside]) each.setEnabled(isEnabled);
      options.action?.setEnabled(isEnabled);
    },
  };
  context.register(path, slot);
  if (options.alias !== undefined) context.register(options.alias, slot);
  return row;
}
