// First start: the sample, a dataset, a project, and what was open before.
import { useEffect } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { client, errorDataOf } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { isEnded, useJobs } from '../../lib/events.ts';
import { count, eta } from '../../lib/format.ts';
import { isDesktop } from '../../lib/host.ts';
import { useProjectState } from '../../lib/project.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { Button, ErrorNotice, Icon, type IconName, KeyHint, ProgressBar } from '../../ui/index.ts';
import { chooseDatasetFile, chooseDatasetFolder } from '../import/index.ts';
import { chooseAndOpenProject, openSample, useOpening } from '../project/index.ts';
import { Recent } from './Recent.tsx';

export function WelcomeView() {
  const state = useProjectState();
  const project = state.data?.project ?? null;
  const { what, sampleJobId } = useOpening();
  const isBusy = what !== null || sampleJobId !== null;
  return (
    <section className="view welcome" aria-label="Welcome">
      <div className="welcome-column">
        <header className="welcome-head">
          <Mark />
          <h1>Earmark</h1>
          <p>
            Finds what is wrong with the recordings and labels behind a speech model, and lets you listen,
            decide and fix it. Everything stays on this machine.
          </p>
        </header>
        <ul className="welcome-doors" aria-label="Begin">
          <li>
            {sampleJobId === null ? (
              <Door
                icon="play"
                title="Explore the sample"
                detail="Synthetic speech with known mistakes and two models’ predictions. Ready in seconds."
                isBusy={what === 'sample'}
                isDisabled={isBusy}
                onPress={() => void openSample()}
              />
            ) : (
              <SampleProgress jobId={sampleJobId} />
            )}
          </li>
          <li>
            <Door
              icon="folder"
              title="Open a dataset folder…"
              detail={
                isDesktop
                  ? 'Speech Commands, Common Voice, named files, a folder per label. Or drop it on this window.'
                  : 'Speech Commands, Common Voice, named files, or a folder per label.'
              }
              isDisabled={isBusy}
              onPress={() => void chooseDatasetFolder()}
            />
          </li>
          <li>
            <Door
              icon="table"
              title="Open a table of clips…"
              detail="CSV, TSV or JSONL that names recordings, with labels or transcripts."
              isDisabled={isBusy}
              onPress={() => void chooseDatasetFile()}
            />
          </li>
          <li>
            <Door
              icon="project"
              title="Open a project…"
              detail="An .earmark file: a dataset with the decisions made about it."
              keys={keysInWords('project.open')}
              isDisabled={isBusy}
              onPress={() => void chooseAndOpenProject()}
            />
          </li>
        </ul>
        <Recent isBusy={isBusy} busyHandle={what} />
        <footer className="welcome-foot secondary small">
          {state.data && <span>Version {state.data.engine.version}</span>}
          {project && sampleJobId === null && (
            <Button tone="quiet" isSmall onPress={() => goTo('overview')}>
              Back to <bdi>{project.name}</bdi>
            </Button>
          )}
          <span className="welcome-keys">
            <KeyHint keys={keysInWords('app.palette')} /> commands
            <KeyHint keys={keysInWords('app.keys')} /> keys
          </span>
        </footer>
      </div>
    </section>
  );
}

function Door(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly keys?: string;
  readonly isBusy?: boolean;
  readonly isDisabled: boolean;
  readonly onPress: () => void;
}) {
  return (
    <AriaButton
      className={`welcome-door${props.isBusy ? ' is-busy' : ''}`}
      isDisabled={props.isDisabled}
      onPress={props.onPress}
    >
      <Icon name={props.icon} />
      <span>
        <span className="welcome-door-title">{props.isBusy ? 'Opening' : props.title}</span>
        <span className="secondary">{props.detail}</span>
      </span>
      {props.keys && <KeyHint keys={props.keys} />}
    </AriaButton>
  );
}

/** The sample's first import, in the place of its button, as high as the button was. */
function SampleProgress({ jobId }: { readonly jobId: string }) {
  const job = useJobs((state) => state.jobs.find(({ id }) => id === jobId));
  const isDone = job !== undefined && isEnded(job);
  useEffect(() => {
    if (!isDone) return;
    useOpening.setState({ sampleJobId: null });
    if (job.state === 'succeeded') goTo('overview');
  }, [isDone, job]);
  if (job?.state === 'failed' && job.error)
    return <ErrorNotice error={job.error} onRetry={() => void openSample()} />;
  const words =
    job === undefined
      ? 'starting'
      : [
          job.phase,
          job.total === null ? null : `${count(job.done)} of ${count(job.total)}`,
          job.etaSec === null ? null : eta(job.etaSec),
        ]
          .filter(Boolean)
          .join('   ');
  const cancel = () =>
    void client.jobs.cancel({ id: jobId }).catch((error: unknown) => notifyError(errorDataOf(error)));
  return (
    <div className="welcome-door welcome-sample">
      <Icon name="play" />
      <span>
        <span className="welcome-door-title">Preparing the sample</span>
        <span className="secondary" role="status">
          {words}
        </span>
        <ProgressBar label="Preparing the sample" done={job?.done ?? 0} total={job?.total ?? null} />
      </span>
      <Button isSmall onPress={cancel}>
        Cancel
      </Button>
    </div>
  );
}

function Mark() {
  return (
    <svg className="welcome-mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <path d="M5 14v4M11 9v14M17 4v24M23 11v10" />
      <path className="welcome-mark-flag" d="M28.5 6v20" />
    </svg>
  );
}
