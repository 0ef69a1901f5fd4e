// What an export would write, and whether something is there already.
import type { Problem } from '../../../shared/contract/common.ts';
import { bytes, count, counted } from '../../lib/format.ts';
import { Toggle } from '../../ui/index.ts';

export interface ExportPreview {
  readonly clips: number;
  readonly leftOut: number;
  readonly bytes: number;
  readonly alreadyExists: boolean;
  readonly problems: readonly Problem[];
}

export function Outcome(props: {
  readonly data: ExportPreview | undefined;
  readonly isStale: boolean;
  readonly isOfDecisions: boolean;
  readonly decisions: number;
  readonly name: string;
  readonly isReplacing: boolean;
  readonly onReplace: (isOn: boolean) => void;
}) {
  const { data } = props;
  if (!data) {
    return (
      <p className="secondary">
        Choose the folder that will hold the new one; then you see what it will take.
      </p>
    );
  }
  return (
    <div className={props.isStale ? 'export-facts is-stale' : 'export-facts'}>
      <p role="status">
        {props.isOfDecisions ? (
          <strong>{counted(props.decisions, 'event')}</strong>
        ) : (
          <>
            <strong className={data.clips === 0 ? 'warn' : ''}>{counted(data.clips, 'clip')}</strong>
            {data.bytes > 0 && <span className="secondary">{bytes(data.bytes)} of audio</span>}
            {data.leftOut > 0 && <span className="secondary">{count(data.leftOut)} left out</span>}
          </>
        )}
      </p>
      {data.problems.map((problem) => (
        <p key={problem.code} className="warn">
          {problem.message} ({count(problem.count)})
        </p>
      ))}
      {data.alreadyExists && (
        <Toggle
          label={`Replace “${props.name}”, which is there already`}
          description="What is in it now is lost. Without this, choose another name."
          isOn={props.isReplacing}
          onChange={props.onReplace}
        />
      )}
    </div>
  );
}
