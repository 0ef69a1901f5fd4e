// The flag under the cursor: why, with its numbers, and what can be done about it. Of a fixed height.
import type { FlagRow } from '../../../shared/domain/flag.ts';
import { count } from '../../lib/format.ts';
import { Button } from '../../ui/index.ts';
import { evidenceOf } from './evidence.ts';

/** What can be done about a file that could not be used; its reason says what is wrong with it. */
function adviceOn({ evidence }: FlagRow): string {
  return evidence.line === undefined
    ? 'Replace the file and import again: the flag goes away by itself.'
    : 'Put that line right and import again: the flag goes away by itself.';
}

export function FlagDetail(props: {
  readonly flag: FlagRow | undefined;
  /** More than one: the buttons are about all of them. */
  readonly selected: number;
  /** Of the selection, how many have a proposal. */
  readonly proposals: number;
  /** Nothing of what the buttons are about is open. */
  readonly isSettled: boolean;
  readonly canDecide: boolean;
  readonly onAccept: () => void;
  readonly onConfirm: () => void;
  readonly onDismiss: () => void;
  readonly onReopen: () => void;
}) {
  const { flag, selected, proposals, isSettled, canDecide } = props;
  const isSeveral = selected > 1;
  const proposed = isSeveral ? `${count(proposals)} proposals` : (flag?.proposed ?? 'the proposal');
  const hasTarget = flag !== undefined;
  const isFile = flag !== undefined && flag.clipId === null && !isSeveral;
  return (
    <section className="flag-detail" aria-label="The flag under the cursor">
      <p className="flag-why" dir="auto" title={isSeveral ? '' : (flag?.reason ?? '')}>
        {isSeveral
          ? `${count(selected)} flags selected: the buttons and keys are about all of them.`
          : (flag?.reason ?? '')}
      </p>
      <div className="flag-foot">
        {isFile ? (
          <p className="flag-advice small secondary" title={adviceOn(flag)}>
            {adviceOn(flag)}
          </p>
        ) : (
          <dl className="small">
            {flag &&
              !isSeveral &&
              evidenceOf(flag).map(({ name, value }) => (
                <div key={name}>
                  <dt className="secondary">{name}</dt>
                  <dd>
                    <bdi>{value}</bdi>
                  </dd>
                </div>
              ))}
          </dl>
        )}
        <div className="flag-actions">
          {!isFile && (
            <Button
              isSmall
              icon="check"
              keys="A"
              isDisabled={!canDecide || proposals === 0}
              onPress={props.onAccept}
            >
              <bdi>
                {proposals === 0 ? 'No proposal' : isSeveral ? `Accept ${proposed}` : `Label ${proposed}`}
              </bdi>
            </Button>
          )}
          {isSettled ? (
            <Button isSmall icon="undo" isDisabled={!canDecide || !hasTarget} onPress={props.onReopen}>
              Open again
            </Button>
          ) : (
            <>
              <Button isSmall keys="D" isDisabled={!canDecide || !hasTarget} onPress={props.onDismiss}>
                Dismiss
              </Button>
              <Button isSmall keys="C" isDisabled={!canDecide || !hasTarget} onPress={props.onConfirm}>
                Confirm
              </Button>
            </>
          )}
        </div>
      </div>
    </section>
  );
}
