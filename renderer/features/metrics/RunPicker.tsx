// Which run the figures are of. The choice is the project's: every view follows it.
import { counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { Select } from '../../ui/index.ts';
import { useChooseRun, useRunInUse } from './use-metrics.ts';

export function RunPicker() {
  const project = useProject();
  const run = useRunInUse();
  const choose = useChooseRun();
  if (!project || project.runs.length === 0) return null;
  return (
    <div className="run-picker">
      <Select
        label="Run"
        isLabelHidden
        options={project.runs.map(({ name, rows, hasProbabilities }) => ({
          id: name,
          title: name,
          detail: `${counted(rows, 'prediction')}${hasProbabilities ? '' : ', no probabilities'}`,
        }))}
        value={choose.isPending ? (choose.variables ?? run) : run}
        onChange={(next) => choose.mutate(next)}
        isDisabled={project.isReadOnly}
      />
    </div>
  );
}
