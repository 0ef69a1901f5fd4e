// The names of the classes, in the order of the scores: one a line, or in a file beside the model.
import { count, counted } from '../../../lib/format.ts';
import { useProject } from '../../../lib/project.ts';
import { Button, SegmentedControl } from '../../../ui/index.ts';
import { valueAt, withValue } from '../draft.ts';
import { widthOf } from '../layouts.ts';
import { ListInput, TextInput } from './fields.tsx';
import { useModelForm } from './form.ts';

const linesOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  return lines;
};

const linesText = (labels: unknown): string => (Array.isArray(labels) ? labels.map(String).join('\n') : '');

export function Labels() {
  const { draft, change, lastFile } = useModelForm();
  const project = useProject();
  const isInFile = valueAt(draft, 'labelsFile') !== undefined;
  const labels = valueAt(draft, 'labels');
  const here = Array.isArray(labels) ? labels.length : 0;
  const own = (project?.labels ?? []).map(({ label }) => label).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const setSource = (source: 'here' | 'file') => {
    const field = source === 'here' ? 'labelsFile' : 'labels';
    const other = source === 'here' ? 'labels' : 'labelsFile';
    change(withValue(withValue(draft, field, undefined), other, source === 'here' ? own : 'labels.txt'));
  };
  const name = valueAt(draft, 'outputs.scores.name');
  const outputs = lastFile?.outputs ?? [];
  const scores = outputs.find((output) => output.name === name) ?? (outputs.length === 1 ? outputs[0] : null);
  const isBinary = String(valueAt(draft, 'outputs.scores.kind')).startsWith('binary');
  const width = isBinary ? 2 : scores ? widthOf(scores) : null;
  const isOff = !isInFile && width !== null && width !== here;
  return (
    <div className="models-inset models-labels">
      <div className="models-line">
        <SegmentedControl
          label="Where the labels are"
          options={[
            { id: 'here', title: 'Labels here' },
            { id: 'file', title: 'In a file beside the model' },
          ]}
          value={isInFile ? 'file' : 'here'}
          onChange={setSource}
        />
        {!isInFile && own.length > 0 && (
          <Button isSmall onPress={() => change(withValue(draft, 'labels', own))}>
            {`Take the ${counted(own.length, 'label')} of the project`}
          </Button>
        )}
      </div>
      {isInFile ? (
        <TextInput path="labelsFile" label="Text file, one label a line" />
      ) : (
        <ListInput
          path="labels"
          label="Labels, one a line, in the order of the scores"
          read={linesOf}
          show={linesText}
          rows={Math.min(8, Math.max(3, here + 1))}
          description={
            <span className={isOff ? 'warn' : ''}>
              {counted(here, 'label')}
              {isOff && `; the model gives ${count(width)} scores`}
            </span>
          }
        />
      )}
    </div>
  );
}
