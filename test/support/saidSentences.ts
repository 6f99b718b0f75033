import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Stands for a value in a sentence that the code alone does not tell. */
export const VALUE = '▢';
/** So many ways of one sentence are looked at. */
const MOST_WAYS = 60;
/** So far a value is followed through constants and functions. */
const MOST_DEPTH = 8;

/** A sentence that a run can say, and where the code has it. */
export interface SaidSentence {
  readonly text: string;
  readonly place: string;
}

/** What is known where an expression is looked at: what parameters were given, and how conditions turned out that were met before. */
interface Known {
  readonly bindings: ReadonlyMap<string, Bound>;
  readonly conditions: ReadonlyMap<string, boolean>;
}
interface Bound {
  readonly expression: ts.Expression;
  readonly known: Known;
}
const NOTHING: Known = { bindings: new Map(), conditions: new Map() };

/**
 * What a run can say of what it does and finds out, read off the code in `folders`: messages of its phases and its device, its warnings with
 * their hints, what is found out about data, notes on teachers, and why it was stopped or died. Phrases that the code chooses from are put in; other values are `VALUE`.
 */
export function saidSentences(root: string, folders: readonly string[]): readonly SaidSentence[] {
  return sentencesOf(root, folders, saidBy);
}

/**
 * What people are told who gave something that cannot be used, read off the code in `folders`: messages and hints of problems and of errors.
 * Values as in `saidSentences`.
 */
export function refusedSentences(root: string, folders: readonly string[]): readonly SaidSentence[] {
  return sentencesOf(root, folders, refusedBy);
}

function sentencesOf(
  root: string,
  folders: readonly string[],
  expressionsOf: (node: ts.Node) => readonly ts.Expression[],
): readonly SaidSentence[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, folder, name)),
  );
  return files.flatMap((path) => {
    const file = parse(path);
    const found: SaidSentence[] = [];
    walk(file, (node) => {
      for (const expression of expressionsOf(node)) {
        const line = file.getLineAndCharacterOfPosition(expression.getStart()).line + 1;
        const place = `${path.slice(root.length)}:${line}`;
        for (const text of textsOf(expression, NOTHING, 0)) {
          if (text.replaceAll(VALUE, '').trim() !== '') found.push({ text, place });
        }
      }
    });
    return found;
  });
}

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  parsed.set(path, file);
  return file;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    walk(child, visit);
  });
}

/** What is said by a node of the code: messages of events, findings, warnings and notes. */
function saidBy(node: ts.Node): readonly ts.Expression[] {
  if (ts.isObjectLiteralExpression(node)) {
    const kind = property(node, 'kind');
    const name = kind && ts.isStringLiteral(kind) ? kind.text : '';
    if (name === 'phase' || name === 'note' || name === 'device') return present(property(node, 'message'));
    if (name === 'warning') return problemParts(property(node, 'problem'));
    return [];
  }
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
    // Why another form of the student was not kept.
    if (node.name.text === 'refusal') return [node.initializer];
    return listed(node.name.text, node.initializer);
  }
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
    return listed(node.name.text, node.initializer);
  }
  if (!ts.isCallExpression(node)) return [];
  const called = node.expression;
  if (ts.isIdentifier(called) && ['warning', 'information'].includes(called.text)) return node.arguments.slice(1);
  if (ts.isIdentifier(called) && called.text === 'tell') return node.arguments;
  if (ts.isIdentifier(called) && called.text === 'markInterrupted') return node.arguments.slice(1);
  if (ts.isPropertyAccessExpression(called) && ['abort', 'cancel'].includes(called.name.text)) {
    return node.arguments.filter(ts.isNewExpression).flatMap((error) => error.arguments?.slice(1, 2) ?? []);
  }
  const isPush = ts.isPropertyAccessExpression(called) && called.name.text === 'push';
  if (!isPush || !ts.isIdentifier(called.expression)) return [];
  const list = called.expression.text;
  return node.arguments.flatMap((argument) => elementsOf(list, argument));
}

/** What is said by a node of the code that refuses something: a problem, the call that makes one, or an error. */
function refusedBy(node: ts.Node): readonly ts.Expression[] {
  if (ts.isObjectLiteralExpression(node)) {
    return property(node, 'where') ? [...present(property(node, 'message')), ...present(property(node, 'hint'))] : [];
  }
  if (ts.isCallExpression(node)) {
    const isProblem = ts.isIdentifier(node.expression) && node.expression.text === 'pathProblem';
    return isProblem ? node.arguments : [];
  }
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression)) return [];
  const [, message, options] = node.arguments ?? [];
  if (node.expression.text !== 'DistilleryError' || !message) return [];
  const hint = options && ts.isObjectLiteralExpression(options) ? property(options, 'hint') : undefined;
  return [message, ...present(hint)];
}

function listed(name: string, value: ts.Expression): readonly ts.Expression[] {
  return ts.isArrayLiteralExpression(value) ? value.elements.flatMap((element) => elementsOf(name, element)) : [];
}

function elementsOf(list: string, element: ts.Expression): readonly ts.Expression[] {
  if (list === 'notes') return ts.isSpreadElement(element) ? [] : [element];
  return list === 'warnings' ? problemParts(element) : [];
}

function problemParts(problem: ts.Expression | undefined): readonly ts.Expression[] {
  if (problem && ts.isConditionalExpression(problem)) {
    return [...problemParts(problem.whenTrue), ...problemParts(problem.whenFalse)];
  }
  if (problem && ts.isSpreadElement(problem)) return problemParts(problem.expression);
  if (problem && ts.isParenthesizedExpression(problem)) return problemParts(problem.expression);
  if (problem && ts.isArrayLiteralExpression(problem)) return problem.elements.flatMap(problemParts);
  if (problem && ts.isIdentifier(problem)) return problemParts(constantNamed(problem.text, problem));
  if (problem && ts.isCallExpression(problem) && ts.isIdentifier(problem.expression)) {
    const made = functionNamed(problem.expression.text, problem);
    return made ? returnsOf(made).flatMap(problemParts) : [];
  }
  if (!problem || !ts.isObjectLiteralExpression(problem)) return [];
  return [...present(property(problem, 'message')), ...present(property(problem, 'hint'))];
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** The value of a property, or the name that stands for it. */
function property(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const each of object.properties) {
    if (ts.isPropertyAssignment(each) && each.name.getText() === name) return each.initializer;
    if (ts.isShorthandPropertyAssignment(each) && each.name.text === name) return each.name;
  }
  return undefined;
}

/** Every text that an expression may be, as far as the code tells. */
function textsOf(expression: ts.Expression, known: Known, depth: number): readonly string[] {
  if (depth > MOST_DEPTH) return [VALUE];
  const within = (inner: ts.Expression): readonly string[] => textsOf(inner, known, depth + 1);
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression)) return [expression.text];
  if (ts.isTemplateExpression(expression)) {
    const parts = expression.templateSpans.map((span) => span.expression);
    return turnsOf(parts, known).flatMap((turn) => {
      const values = parts.map((part) => textsOf(part, turn, depth + 1));
      // Code that says something has made sure before that what it says is there.
      if (turn !== known && values.some((texts) => texts.length === 0)) return [];
      return joined([
        [expression.head.text],
        ...expression.templateSpans.flatMap((span, index) => [values[index] ?? [], [span.literal.text]]),
      ]);
    });
  }
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression)) return within(expression.expression);
  if (ts.isConditionalExpression(expression)) {
    const turn = known.conditions.get(expression.condition.getText());
    return [
      ...(turn === false ? [] : within(expression.whenTrue)),
      ...(turn === true ? [] : within(expression.whenFalse)),
    ];
  }
  if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    const { left, right } = expression;
    if (kind === ts.SyntaxKind.PlusToken) {
      return turnsOf([left, right], known).flatMap((turn) =>
        joined([textsOf(left, turn, depth + 1), textsOf(right, turn, depth + 1)]),
      );
    }
    const isFallback = kind === ts.SyntaxKind.QuestionQuestionToken;
    return isFallback ? [...within(left), ...within(right).filter((text) => text !== '')] : [VALUE];
  }
  if (ts.isIdentifier(expression)) return textsOfName(expression, known, depth);
  if (ts.isElementAccessExpression(expression) || ts.isPropertyAccessExpression(expression)) {
    return textsOfMember(expression, known, depth);
  }
  if (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)) {
    const called = functionNamed(expression.expression.text, expression);
    if (!called) return [VALUE];
    const given = called.parameters.flatMap((parameter, index): readonly (readonly [string, Bound])[] => {
      const argument = expression.arguments[index] ?? parameter.initializer;
      return ts.isIdentifier(parameter.name) && argument
        ? [[parameter.name.text, { expression: argument, known }]]
        : [];
    });
    const inside = { bindings: new Map(given), conditions: new Map<string, boolean>() };
    const texts = returnsOf(called).flatMap((returned) => textsOf(returned, inside, depth + 1));
    return texts.length === 0 ? [VALUE] : texts;
  }
  return [VALUE];
}

/** The ways in which conditions may turn out that decide in several parts of a sentence, so that its parts agree with each other. */
function turnsOf(parts: readonly ts.Expression[], known: Known): readonly Known[] {
  const open = new Set(parts.flatMap(conditionsIn).filter((condition) => !known.conditions.has(condition)));
  let turns: readonly Known[] = [known];
  for (const condition of open) {
    turns = turns.flatMap((turn) =>
      [true, false].map((value) => ({ ...turn, conditions: new Map([...turn.conditions, [condition, value]]) })),
    );
  }
  return turns;
}

function conditionsIn(part: ts.Expression): readonly string[] {
  if (ts.isConditionalExpression(part)) return [part.condition.getText()];
  if (ts.isParenthesizedExpression(part)) return conditionsIn(part.expression);
  if (ts.isTemplateExpression(part)) return part.templateSpans.flatMap(({ expression }) => conditionsIn(expression));
  if (!ts.isIdentifier(part)) return [];
  const constant = constantNamed(part.text, part);
  return constant ? conditionsIn(constant) : [];
}

function textsOfName(name: ts.Identifier, known: Known, depth: number): readonly string[] {
  if (name.text === 'undefined') return [];
  const bound = known.bindings.get(name.text);
  if (bound) return textsOf(bound.expression, bound.known, depth + 1);
  const constant = constantNamed(name.text, name);
  return constant ? textsOf(constant, known, depth + 1) : [VALUE];
}

/** A member of a constant object: each of its values, or the one that is named. */
function textsOfMember(
  member: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  known: Known,
  depth: number,
): readonly string[] {
  const object = ts.isIdentifier(member.expression) ? constantNamed(member.expression.text, member) : undefined;
  const literal =
    object && (ts.isAsExpression(object) || ts.isSatisfiesExpression(object) ? object.expression : object);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return [VALUE];
  const values = ts.isPropertyAccessExpression(member)
    ? present(property(literal, member.name.text))
    : literal.properties.flatMap((each) => (ts.isPropertyAssignment(each) ? [each.initializer] : []));
  const texts = values.flatMap((value) => textsOf(value, known, depth + 1));
  return texts.length === 0 ? [VALUE] : texts;
}

/** Parts one after the other: every way where there are few, else each part in each of its ways. */
function joined(parts: readonly (readonly string[])[]): readonly string[] {
  const some = parts.map((ways) => (ways.length === 0 ? [''] : ways));
  const count = some.reduce((product, ways) => product * ways.length, 1);
  if (count <= MOST_WAYS) {
    return some.reduce<readonly string[]>(
      (texts, ways) => texts.flatMap((text) => ways.map((way) => text + way)),
      [''],
    );
  }
  const most = Math.max(...some.map((ways) => ways.length));
  return Array.from({ length: most }, (_, index) => some.map((ways) => ways[index % ways.length] ?? '').join(''));
}

/** What a name stands for that was given a value once, in the scopes around a node or in the file that it is imported from. */
function constantNamed(name: string, near: ts.Node): ts.Expression | undefined {
  for (const scope of scopesAround(near)) {
    if (isFunction(scope) && scope.parameters.some((parameter) => declares(parameter.name, name))) return undefined;
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isCaseClause(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const declaration of statement.declarationList.declarations) {
        if (ts.isIdentifier(declaration.name)) {
          if (declaration.name.text === name) return declaration.initializer;
        } else if (declares(declaration.name, name)) return undefined;
      }
    }
  }
  const imported = importedAs(name, near.getSourceFile());
  return imported && constantNamed(imported.name, parse(imported.path).endOfFileToken);
}

/** A node and what it lies in, up to its file. */
function scopesAround(node: ts.Node): readonly ts.Node[] {
  return ts.isSourceFile(node) ? [node] : [node, ...scopesAround(node.parent)];
}

function declares(binding: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(binding)) return binding.text === name;
  return binding.elements.some((element) => ts.isBindingElement(element) && declares(element.name, name));
}

type FunctionNode = ts.FunctionDeclaration | ts.ArrowFunction | ts.MethodDeclaration | ts.FunctionExpression;

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isFunctionExpression(node)
  );
}

function functionNamed(name: string, near: ts.Node): FunctionNode | undefined {
  const file = near.getSourceFile();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name && statement.body) return statement;
  }
  const constant = constantNamed(name, near);
  if (constant) return isFunction(constant) ? constant : undefined;
  const imported = importedAs(name, file);
  return imported && functionNamed(imported.name, parse(imported.path).endOfFileToken);
}

function importedAs(name: string, file: ts.SourceFile): { readonly name: string; readonly path: string } | undefined {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const found = bindings.elements.find((element) => element.name.text === name);
    const path = join(dirname(file.fileName), statement.moduleSpecifier.text);
    if (found && existsSync(path)) return { name: (found.propertyName ?? found.name).text, path };
  }
  return undefined;
}

/** What a function returns, functions inside it aside. */
function returnsOf(made: FunctionNode): readonly ts.Expression[] {
  const { body } = made;
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}
