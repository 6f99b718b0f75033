import { element, withCode } from '../dom.ts';

/** Where a problem is said that is about a whole part of the form and not about one control. */
export interface ProblemPlace {
  readonly element: HTMLElement;
  readonly setProblem: (problem: string | undefined) => void;
}

/** A place for what is wrong at a path; empty it takes no room. */
export function problemPlace(path: string): ProblemPlace {
  const place = element('p', { class: 'field-problem', 'data-testid': `problem.${path}`, hidden: true });
  return {
    element: place,
    setProblem(problem) {
      place.hidden = problem === undefined;
      place.replaceChildren(...(problem === undefined ? [] : withCode(asSentence(problem))));
    },
  };
}

/** Problems go on from the field's name; beneath the field they stand alone. */
function asSentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
