// What a view about a model says while there is no run yet, with the button for it.
import { runCommand } from '../../lib/commands.ts';
import { Button, EmptyState } from '../../ui/index.ts';

export function NoRun({ what }: { readonly what: string }) {
  return (
    <EmptyState
      icon="run"
      title="No predictions yet"
      actions={
        <>
          <Button tone="primary" icon="import" onPress={() => runCommand('runs.import')}>
            Import predictions…
          </Button>
          <Button icon="run" onPress={() => runCommand('embeddings.probabilities')}>
            No model? Make probabilities…
          </Button>
        </>
      }
    >
      {what} Bring a model's predictions as a table (CSV, TSV, JSONL) or as an array of probabilities.
    </EmptyState>
  );
}

/** The filter leaves nothing that can be compared. */
export function NothingToCompare(props: { readonly leftOut: number; readonly onClear: (() => void) | null }) {
  return (
    <EmptyState
      icon="filter"
      title="Nothing to compare here"
      actions={props.onClear && <Button onPress={props.onClear}>Clear the filter</Button>}
    >
      {props.leftOut > 0
        ? 'No clip of the filter has both a label and a prediction of this run.'
        : 'The filter matches no clips.'}
    </EmptyState>
  );
}
