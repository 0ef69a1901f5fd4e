// What the terms of an expression are, in the words of the catalogue of fields.
import type { Term } from './ast.ts';
import { fieldInfo, type TermInfo } from './fields.ts';
import { quote } from './tokens.ts';

export function termInfo(term: Term): TermInfo {
  switch (term.type) {
    case 'field':
      return fieldInfo(term.field);
    case 'probability':
      return probabilityInfo;
    case 'column':
      return columnInfo(term.name);
  }
}

/** What a column of an imported table is, in the words of the catalogue. */
export function columnInfo(name: string): TermInfo {
  return {
    name: `column(${quote(name)})`,
    aliases: [],
    type: 'column',
    title: name,
    unit: null,
    description: 'A column of the imported table.',
    column: null,
    isOfRun: false,
    values: null,
    hasOriginal: false,
    group: null,
    isFacet: true,
  };
}

/** What `p(...)` is, in the words of the catalogue. */
export const probabilityInfo: TermInfo = {
  ...fieldInfo('confidence'),
  aliases: [],
  title: 'Probability',
  description: 'The probability a run gives a label.',
  column: 'givenProbability',
};

/** Whether values of two terms can be told equal: of one group, or a column's text with a label or a transcript. */
export function areComparable(a: TermInfo, b: TermInfo): boolean {
  if (a.group !== null && a.group === b.group) return true;
  const isText = ({ type, group }: TermInfo) =>
    type === 'column' || group === 'label' || group === 'transcript';
  return (a.type === 'column' && isText(b)) || (b.type === 'column' && isText(a));
}
