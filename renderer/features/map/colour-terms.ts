// What points can be coloured by, and what a click on a value of the legend makes of the filter. Pure.
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { type FlagKind, flagKinds, flagTitles } from '../../../shared/domain/flag.ts';
import {
  addCondition,
  type ConditionValue,
  chosenValues,
  columnTerm,
  conditionFor,
  type FieldName,
  FilterError,
  parseTerm,
  printTerm,
  type Term,
  termInfo,
  toggleValue,
  withoutField,
} from '../../../shared/filter/index.ts';

export interface ColourTerm {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
}

const ofRuns: readonly ColourTerm[] = [
  { id: 'predicted', title: 'prediction' },
  { id: 'correct', title: 'right or wrong' },
  { id: 'p(given)', title: 'score p(label)', detail: 'what the run gives the label' },
  { id: 'confidence', title: 'confidence' },
];

const fields: readonly (readonly [FieldName, string])[] = [
  ['speaker', 'speaker'],
  ['split', 'split'],
  ['flag', 'flag'],
  ['review', 'review'],
  ['dataset', 'dataset'],
  ['gender', 'gender'],
  ['accent', 'accent'],
  ['age', 'age'],
  ['locale', 'locale'],
  ['durationSec', 'duration'],
  ['rmsDbfs', 'level'],
];

/** The choices of "colour by", and `by` itself when it is none of them. */
export function colourTerms(project: ProjectInfo, by: string): ColourTerm[] {
  const terms: ColourTerm[] = [
    ...(project.labels.length > 0 ? [{ id: 'label', title: 'label' }] : []),
    ...(project.runInUse === null ? [] : ofRuns),
    ...fields.map(([id, title]) => ({ id, title })),
    ...project.columns.map((name) => ({
      id: printTerm(columnTerm(name)),
      title: name,
      detail: 'column as imported',
    })),
  ];
  return terms.some(({ id }) => id === by) ? terms : [...terms, { id: by, title: by }];
}

/** What the points are coloured by before anything was chosen. */
export function firstTerm(project: ProjectInfo): string {
  return project.labels.length > 0 ? 'label' : project.runInUse === null ? 'durationSec' : 'predicted';
}

/** Whether a remembered term means something in this project. */
export function canColourBy(project: ProjectInfo, by: string): boolean {
  const problem = termProblem(by);
  if (problem !== null) return false;
  const term = parseTerm(by);
  if (term.type === 'column') return project.columns.includes(term.name);
  if (!termInfo(term).isOfRun) return true;
  if (term.run === null) return project.runInUse !== null;
  return project.runs.some(({ name }) => name === term.run);
}

/** What is wrong with a typed term, in a sentence; null = nothing. */
export function termProblem(text: string): string | null {
  try {
    parseTerm(text);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error.message;
    throw error;
  }
}

export function isCorrectness(by: string): boolean {
  if (termProblem(by) !== null) return false;
  const term = parseTerm(by);
  return term.type === 'field' && term.field === 'correct';
}

const kindOfTitle = new Map(flagKinds.map((kind): [string, FlagKind] => [flagTitles[kind], kind]));

/** A value of the legend as the filter has it. */
function filterValue(term: Term, value: string | null): ConditionValue {
  if (value === null) return null;
  switch (termInfo(term).type) {
    case 'boolean':
      return value === 'yes';
    case 'flags':
      return kindOfTitle.get(value) ?? value;
    case 'number':
      return Number(value);
    default:
      return value;
  }
}

/** A value of the legend in words. */
export function valueInWords(by: string, value: string | null): string {
  if (value === null) return 'none';
  if (isCorrectness(by)) return value === 'yes' ? 'right' : 'wrong';
  return value;
}

/** The term; null for one whose values cannot be chosen. */
function choosable(by: string): Term | null {
  if (termProblem(by) !== null) return null;
  const term = parseTerm(by);
  return term.type === 'probability' ? null : term;
}

/** Values that the filter names, as the legend writes them. */
export function chosenInFilter(filter: string, by: string): readonly (string | null)[] {
  const term = choosable(by);
  if (!term) return [];
  try {
    return chosenValues(filter, term).map((value) => {
      if (value === null) return null;
      if (typeof value === 'boolean') return value ? 'yes' : 'no';
      return termInfo(term).type === 'flags'
        ? (flagTitles[value as FlagKind] ?? String(value))
        : String(value);
    });
  } catch (error) {
    if (error instanceof FilterError) return [];
    throw error;
  }
}

/**
 * The filter after a click on a value: that value alone, or with `isAdded` together with those chosen before. A click
 * on what is chosen takes it out again. An expression that cannot be read is replaced.
 */
export function filterByValue(filter: string, by: string, value: string | null, isAdded: boolean): string {
  const term = choosable(by);
  if (!term) return filter;
  const wanted = filterValue(term, value);
  try {
    if (isAdded) return toggleValue(filter, term, wanted);
    const chosen = chosenInFilter(filter, by);
    const rest = withoutField(filter, term);
    const isAlone = chosen.length === 1 && chosen[0] === value;
    return isAlone ? rest : addCondition(rest, conditionFor(term, wanted));
  } catch (error) {
    if (error instanceof FilterError) return conditionFor(term, wanted);
    throw error;
  }
}
