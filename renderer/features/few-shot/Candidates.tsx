// Step 3: the clips that the head ranks highest, to listen through from the keyboard and to say yes or no to.
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FewShotResult } from '../../../shared/contract/few-shot.ts';
import { useCommands } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useRowHeight } from '../../lib/state/layout.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, SegmentedControl, Toggle, VirtualGrid, type VirtualGridHandle } from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { changeSettings, usePlayer } from '../player/index.ts';
import { candidateColumns } from './candidate-columns.tsx';
import { SaveRunDialog } from './SaveRunDialog.tsx';
import { acceptedOf, judge, noteRelabelled, takeVerdicts, undoVerdict, useFewShot } from './state.ts';
import { train } from './train.ts';

export function Candidates({ result }: { readonly result: FewShotResult }) {
  const { verdicts, leftOut, mode, isTraining, past, examples } = useFewShot();
  const project = useProject();
  const isReadOnly = project?.isReadOnly ?? true;
  const rowHeight = useRowHeight();
  const autoplay = usePlayer((state) => state.autoplay);
  const [isSaving, setIsSaving] = useState(false);
  const grid = useRef<VirtualGridHandle>(null);
  const list = useSelection((state) => state.list);
  const cursorIndex = useSelection((state) => state.cursorIndex);
  const selected = useSelection((state) => state.selected);
  const { setList, moveTo, selectAll } = useSelection.getState();

  const rows = useMemo(() => {
    const hidden = new Set([...leftOut, ...examples]);
    return result.candidates.filter(({ clipId }) => !hidden.has(clipId));
  }, [result, leftOut, examples]);
  const ids = useMemo(() => rows.map(({ clipId }) => clipId), [rows]);
  const columns = useMemo(
    () => candidateColumns({ verdicts, word: result.label, threshold: result.threshold, rowHeight }),
    [verdicts, result, rowHeight],
  );
  useEffect(() => {
    setList(ids);
    moveTo(0);
  }, [ids, setList, moveTo]);
  const isInFront = list === ids;
  const current = isInFront ? rows[cursorIndex] : undefined;

  /** The next candidate that nothing was said about. */
  const goOn = (id: number) => {
    const said = useFewShot.getState().verdicts;
    if (!said.has(id)) return;
    const next = rows.findIndex(({ clipId }, at) => at > ids.indexOf(id) && !said.has(clipId));
    if (next >= 0) moveTo(next);
  };
  const accept = async () => {
    if (!current) return;
    const { clipId, label } = current;
    if (mode === 'collect' || label === result.label) judge(clipId, 'accepted');
    else if (verdicts.get(clipId) !== 'relabelled') {
      if (!(await decide.relabel(result.label, [clipId]))) return;
      noteRelabelled(clipId);
    }
    goOn(clipId);
  };
  const reject = () => {
    if (!current || verdicts.get(current.clipId) === 'relabelled') return;
    judge(current.clipId, 'rejected');
    goOn(current.clipId);
  };
  const undo = () => {
    const id = undoVerdict();
    const at = id === null ? -1 : ids.indexOf(id);
    if (at >= 0) moveTo(at);
  };
  const accepted = acceptedOf({ verdicts }).length;
  const rejected = verdicts.size - accepted;
  const trainAgain = () => {
    takeVerdicts();
    void train();
  };
  const group = 'Few-shot keyword';
  useCommands([
    {
      id: 'few-shot.accept',
      title: 'It is the word, and next',
      group,
      keys: ['A', 'Enter'],
      when: () => current !== undefined,
      run: () => void accept(),
    },
    {
      id: 'few-shot.reject',
      title: 'It is not the word, and next',
      group,
      keys: ['X'],
      when: () => current !== undefined,
      run: reject,
    },
    {
      id: 'few-shot.undo',
      title: 'Take the last answer back',
      group,
      keys: ['Mod+Z'],
      when: () => past.length > 0,
      run: undo,
    },
    {
      id: 'few-shot.again',
      title: 'Add the accepted as examples and train again',
      group,
      keys: ['Mod+Enter'],
      when: () => accepted > 0 && !isTraining,
      run: trainAgain,
    },
    {
      id: 'few-shot.save',
      title: 'Save the scores as a run…',
      group,
      when: () => !isTraining && !isReadOnly,
      run: () => setIsSaving(true),
    },
    {
      id: 'few-shot.next',
      title: 'Next candidate',
      group,
      keys: ['J'],
      isHidden: true,
      isRepeating: true,
      run: () => moveTo(cursorIndex + 1),
    },
    {
      id: 'few-shot.previous',
      title: 'Previous candidate',
      group,
      keys: ['K'],
      isHidden: true,
      isRepeating: true,
      run: () => moveTo(cursorIndex - 1),
    },
  ]);
  /** The focus goes back to the list, so that the next key is not the button's. */
  const press = (run: () => void) => () => {
    grid.current?.focus();
    run();
  };
  return (
    <section
      className={`few-shot-candidates${isTraining ? ' is-stale' : ''}`}
      aria-labelledby="few-shot-candidates"
    >
      <header>
        <h2 id="few-shot-candidates">
          3 Listen through{' '}
          <span className="secondary">
            {counted(rows.length, 'candidate')}, best first; Space plays
            {leftOut.size > 0 && `, ${count(leftOut.size)} left out`}
          </span>
        </h2>
        <Toggle label="Auto-play" isOn={autoplay} onChange={(isOn) => changeSettings({ autoplay: isOn })} />
      </header>
      <div className="few-shot-tools">
        <Button isSmall icon="check" keys="A" isDisabled={!current} onPress={press(() => void accept())}>
          It is <bdi>{result.label}</bdi>
        </Button>
        <Button isSmall icon="unusable" keys="X" isDisabled={!current} onPress={press(reject)}>
          It is not
        </Button>
        <SegmentedControl
          label="What accepting does"
          options={[
            { id: 'collect', title: 'Collect only' },
            { id: 'relabel', title: 'Relabel too' },
          ]}
          value={mode}
          onChange={(next) => useFewShot.setState({ mode: next })}
          isDisabled={isReadOnly}
        />
      </div>
      <div className="few-shot-grid">
        <VirtualGrid
          label="Candidates"
          name="few-shot"
          handle={grid}
          autoFocus
          columns={columns}
          rowCount={rows.length}
          rowAt={(index) => rows[index]}
          rowHeight={rowHeight}
          cursor={isInFront ? cursorIndex : -1}
          onMove={moveTo}
          isSelected={(index) => selected.has(ids[index] ?? -1)}
          onSelectAll={selectAll}
          rowClass={({ clipId, score }) =>
            verdicts.get(clipId) === 'rejected' || score < result.threshold ? 'few-shot-faint' : undefined
          }
          empty={<p className="few-shot-none secondary">No other clips to rank.</p>}
        />
      </div>
      <footer>
        <span role="status" className="secondary">
          {verdicts.size === 0 ? 'Nothing said yet.' : `${count(accepted)} accepted, ${count(rejected)} not`}
        </span>
        <Button isDisabled={isTraining || isReadOnly} onPress={() => setIsSaving(true)}>
          Save as a run…
        </Button>
        <Button tone="primary" isDisabled={accepted === 0 || isTraining} onPress={trainAgain}>
          {accepted === 0 ? 'Train with the accepted' : `Add ${count(accepted)} and train again`}
        </Button>
      </footer>
      {isSaving && <SaveRunDialog word={result.label} onClose={() => setIsSaving(false)} />}
    </section>
  );
}
