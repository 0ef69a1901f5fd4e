// Choosing a model, then the steps to a run of it: the file, its description, three clips, the run. All steps stay in
// sight with how far each of them is; none has to be left by a button.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { host } from '../../lib/host.ts';
import { Button, Dialog, ErrorNotice, Spinner } from '../../ui/index.ts';
import { ModelSteps } from './ModelSteps.tsx';
import { openModel } from './model-flow.ts';

export function ModelDialog(props: {
  readonly project: ProjectInfo;
  readonly place: Place | null;
  readonly onStarted: (what: { readonly run: string | null; readonly embedding: string | null }) => void;
  readonly onClose: () => void;
}) {
  const { project, place, onClose } = props;
  const [failure, setFailure] = useState<unknown>(null);
  const found = useQuery({
    ...calls.models.inspect.queryOptions({ input: { place: place ?? { handle: '', name: '' } } }),
    enabled: place !== null,
    gcTime: 0,
    retry: false,
    // The dialog goes on from what it found; what changes later it hears from its own calls.
    meta: { isFile: true },
  });
  const choose = async () => {
    try {
      const chosen = await host.chooseFile(['file']);
      if (chosen) openModel(chosen);
    } catch (thrown) {
      setFailure(thrown);
    }
  };
  if (place !== null && found.data) {
    return (
      <ModelSteps
        key={place.handle}
        project={project}
        place={place}
        inspected={found.data}
        onOther={() => void choose()}
        onStarted={props.onStarted}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      title="Run a model"
      size="large"
      isOpen
      onClose={onClose}
      footnote="Everything runs on this machine. Nothing leaves it."
    >
      <div className="models-choose">
        {place === null ? (
          <>
            <p>
              A model of yours runs over every clip of this project: its scores become a run, its embedding an
              embedding.
            </p>
            <p className="secondary">
              ONNX (<span className="mono">.onnx</span>), TensorFlow.js (
              <span className="mono">model.json</span>), or the description of a model (
              <span className="mono">.json</span>). What it is gets looked at first; nothing of it runs before
              you say so.
            </p>
          </>
        ) : (
          <p>
            <bdi className="mono">{place.name}</bdi>
          </p>
        )}
        {place !== null && found.isPending && <Spinner label="Looking into the file" />}
        {place !== null && found.error && (
          <ErrorNotice error={errorDataOf(found.error)} onRetry={() => void found.refetch()} />
        )}
        {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
        {!(place !== null && found.isPending) && (
          <div>
            <Button tone="primary" icon="file" autoFocus onPress={() => void choose()}>
              {place === null ? 'Choose a model…' : 'Another file…'}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
