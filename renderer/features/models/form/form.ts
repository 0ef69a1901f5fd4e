// What every field of the form works on: the description as it stands, what is wrong with it, and the model's own shapes.
import { createContext, useContext } from 'react';
import type { TensorSummary } from '../../../../shared/domain/model-report.ts';
import { type Draft, type FieldProblem, problemAt } from '../draft.ts';

/** A model file whose inside is known. */
export interface KnownFile {
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
}

export interface ModelForm {
  readonly draft: Draft;
  readonly problems: readonly FieldProblem[];
  readonly change: (draft: Draft) => void;
  /** By the name the description gives it. */
  readonly files: ReadonlyMap<string, KnownFile>;
  /** The one whose outputs are the results. */
  readonly lastFile: KnownFile | null;
  readonly addStage: () => void;
  readonly isAdding: boolean;
}

const ModelFormContext = createContext<ModelForm | null>(null);
export const ModelFormProvider = ModelFormContext.Provider;

export function useModelForm(): ModelForm & { readonly problemOf: (path: string) => string | null } {
  const form = useContext(ModelFormContext);
  if (form === null) throw new Error('a field of the model form stands outside the form');
  return { ...form, problemOf: (path) => problemAt(form.problems, path) };
}
