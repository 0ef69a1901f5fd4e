// What is in the file, as far as that can be read without running it, and the question whether it may be run at all.
import type { ReactNode } from 'react';
import type { InspectedModel } from '../../../shared/contract/models.ts';
import type { TensorSummary } from '../../../shared/domain/model-report.ts';
import { Button, ErrorNotice, Icon } from '../../ui/index.ts';
import { shapeText } from './layouts.ts';
import type { Model, ModelFile } from './use-model.ts';

const formats: Readonly<Record<InspectedModel['format'], string>> = {
  onnx: 'ONNX',
  'tfjs-layers': 'TensorFlow.js, layers model',
  'tfjs-graph': 'TensorFlow.js, graph model',
};

export function FileStep(props: { readonly model: Model; readonly onTrusted: () => void }) {
  const { main, used } = props.model;
  const failure = props.model.failureOf('trust');
  return (
    <div className="models-step">
      <dl className="models-facts">
        <Fact title="File">
          <bdi className="mono">{main.file}</bdi>
        </Fact>
        <Fact title="Format">
          {props.model.isModel ? (
            formats[main.format]
          ) : (
            <span className="warn">neither a model nor the description of one</span>
          )}
        </Fact>
        <Fact title="Inputs">
          <Tensors tensors={main.inputs} />
        </Fact>
        <Fact title="Outputs">
          <Tensors tensors={main.outputs} />
        </Fact>
        <Fact title="Description">
          {main.isDescribed ? (
            <>
              <bdi className="mono">{main.descriptionFile}</bdi>, found beside it
            </>
          ) : (
            <>
              none beside it; it would be <bdi className="mono">{main.descriptionFile}</bdi>
            </>
          )}
        </Fact>
      </dl>
      {main.problems.length > 0 && (
        <ul className="models-problems" aria-label="What is wrong with its description">
          {main.problems.map((problem) => (
            <li key={problem} className="warn">
              {problem}
            </li>
          ))}
        </ul>
      )}
      {(props.model.isModel ? used : []).map((file) => (
        <Trust key={file.place.handle} model={props.model} file={file} onTrusted={props.onTrusted} />
      ))}
      {failure && <ErrorNotice error={failure} />}
    </div>
  );
}

function Trust(props: { readonly model: Model; readonly file: ModelFile; readonly onTrusted: () => void }) {
  const { model, file } = props;
  const { inspected } = file;
  const trust = async () => {
    const others = model.used.filter((other) => other !== file);
    const isLast = others.every((other) => other.inspected.isTrusted);
    if ((await model.trust(file)) && isLast) props.onTrusted();
  };
  if (inspected.isTrusted) {
    return (
      <p className="models-trust">
        <Icon name="check" />
        <span>
          You trust <bdi className="mono">{inspected.file}</bdi>.{' '}
          <span className="secondary">You are asked again when its content changes.</span>
        </span>
      </p>
    );
  }
  return (
    <div className="models-trust models-asks">
      <Icon name="warning" />
      <div>
        <p>
          A model file is a program: <bdi className="mono">{inspected.file}</bdi> would run on this machine,
          with your rights. So far only its names and shapes were read; nothing of it has run.
        </p>
        <p className="secondary">
          Trust it if you know who made it. You are asked once for this very content, and again when it
          changes.
        </p>
        <Button tone="primary" isDisabled={model.running !== null} onPress={() => void trust()}>
          I trust this file
        </Button>
      </div>
    </div>
  );
}

function Fact(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="secondary">{props.title}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Tensors({ tensors }: { readonly tensors: readonly TensorSummary[] }) {
  if (tensors.length === 0) return <span className="secondary">not known</span>;
  return (
    <ul>
      {tensors.map(({ name, type, shape }) => (
        <li key={name}>
          <bdi className="mono">{name}</bdi> {shapeText(shape)} <span className="secondary">{type}</span>
        </li>
      ))}
    </ul>
  );
}
