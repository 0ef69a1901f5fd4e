// What points can be coloured by, and what a click on a value of the legend makes of the filter. Pure.
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { type FlagKind, flagKinds, flagTitles } from '../../../shared/domain/flag.ts';
import {
  addCondition,
  type ConditionValue,
  chosenValues,
  conditionFor,
  type FieldName,
  FilterError,
  fieldInfo,
  parseTerm,
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
  const needsRun = term.type === 'probability' || fieldInfo(term.field).isOfRun;
  if (!needsRun) return true;
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
function filterValue(field: FieldName, value: string | null): ConditionValue {
  if (value === null) return null;
  switch (fieldInfo(field).type) {
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

/** The term's field and run; null for terms whose values cannot be chosen. */
function fieldOf(by: string): { readonly field: FieldName; readonly run: string | null } | null {
  if (termProblem(by) !== null) return null;
  const term = parseTerm(by);
  return term.type === 'field' ? term : null;
}

/** Values that the filter names, as the legend writes them. */
export function chosenInFilter(filter: string, by: string): readonly (string | null)[] {
  const term = fieldOf(by);
  if (!term) return [];
  try {
    return chosenValues(filter, term.field, term.run).map((value) => {
      if (value === null) return null;
      if (typeof value === 'boolean') return value ? 'yes' : 'no';
      return fieldInfo(term.field).type === 'flags'
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
  const term = fieldOf(by);
  if (!term) return filter;
  const { field, run } = term;
  const wanted = filterValue(field, value);
  try {
    if (isAdded) return toggleValue(filter, field, wanted, run);
    const chosen = chosenInFilter(filter, by);
    const rest = withoutField(filter, field, run);
    const isAlone = chosen.length === 1 && chosen[0] === value;
    return isAlone ? rest : addCondition(rest, conditionFor(field, wanted, run));
  } catch (error) {
    if (error instanceof FilterError) return conditionFor(field, wanted, run);
    throw error;
  }
}
