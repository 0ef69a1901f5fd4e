// Fields: text, number, choice, switch, segments. Each has a visible or spoken name.
import type { ReactNode, Ref } from 'react';
import {
  Button as AriaButton,
  NumberField as AriaNumberField,
  Select as AriaSelect,
  Switch as AriaSwitch,
  TextField as AriaTextField,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
  TextArea,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { Icon, type IconName } from './icons.tsx';

interface Named {
  readonly label: string;
  /** The label is spoken but not shown. */
  readonly isLabelHidden?: boolean;
  readonly description?: ReactNode;
  readonly isDisabled?: boolean;
}

function nameOf({ label, isLabelHidden }: Named) {
  return isLabelHidden ? { 'aria-label': label } : {};
}

interface TextFieldProps extends Named {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: () => void;
  readonly placeholder?: string;
  readonly icon?: IconName;
  readonly error?: string | null;
  readonly autoFocus?: boolean;
  /** Rows of a text area; one line without it. */
  readonly rows?: number;
  readonly isReadOnly?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const { value, onChange, onSubmit, placeholder, icon, error, autoFocus, rows, inputRef } = props;
  return (
    <AriaTextField
      {...nameOf(props)}
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled ?? false}
      isReadOnly={props.isReadOnly ?? false}
      autoFocus={autoFocus ?? false}
      onKeyDown={(event) => {
        const isSend = event.key === 'Enter' && (rows === undefined || event.ctrlKey || event.metaKey);
        if (isSend && onSubmit && !event.nativeEvent.isComposing) {
          event.preventDefault();
          onSubmit();
        } else event.continuePropagation();
      }}
    >
      {!props.isLabelHidden && <Label>{props.label}</Label>}
      <span className="field-box">
        {icon && <Icon name={icon} />}
        {rows === undefined ? (
          <Input
            dir="auto"
            placeholder={placeholder ?? ''}
            spellCheck={false}
            {...(inputRef ? { ref: inputRef } : {})}
          />
        ) : (
          <TextArea dir="auto" placeholder={placeholder ?? ''} rows={rows} />
        )}
      </span>
      {props.description && (
        <Text slot="description" className="field-description">
          {props.description}
        </Text>
      )}
      <FieldError className="field-error">{error ?? ''}</FieldError>
    </AriaTextField>
  );
}

interface NumberFieldProps extends Named {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly unit?: string;
}

export function NumberField(props: NumberFieldProps) {
  const { value, onChange, min, max, step = 1, unit } = props;
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  return (
    <AriaNumberField
      {...nameOf(props)}
      className="field"
      value={value}
      onChange={(next) => {
        if (!Number.isNaN(next)) onChange(next);
      }}
      {...(min === undefined ? {} : { minValue: min })}
      {...(max === undefined ? {} : { maxValue: max })}
      step={step}
      formatOptions={{ maximumFractionDigits: digits, useGrouping: false }}
      isDisabled={props.isDisabled ?? false}
    >
      {!props.isLabelHidden && <Label>{props.label}</Label>}
      <Group className="field-box field-number">
        <Input />
        {unit && <span className="field-unit">{unit}</span>}
        <AriaButton slot="decrement">
          <Icon name="minus" size={12} />
        </AriaButton>
        <AriaButton slot="increment">
          <Icon name="plus" size={12} />
        </AriaButton>
      </Group>
      {props.description && (
        <Text slot="description" className="field-description">
          {props.description}
        </Text>
      )}
    </AriaNumberField>
  );
}

export interface Option<T extends string> {
  readonly id: T;
  readonly title: string;
  readonly detail?: string;
}

interface SelectProps<T extends string> extends Named {
  readonly options: readonly Option<T>[];
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly placeholder?: string;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { options, value, onChange } = props;
  return (
    <AriaSelect
      {...nameOf(props)}
      className="field"
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = options.find((option) => option.id === key);
        if (chosen) onChange(chosen.id);
      }}
      placeholder={props.placeholder ?? 'Choose'}
      isDisabled={props.isDisabled ?? false}
    >
      {!props.isLabelHidden && <Label>{props.label}</Label>}
      <AriaButton className="select-button">
        <SelectValue className="select-value" />
        <Icon name="down" size={12} />
      </AriaButton>
      {props.description && (
        <Text slot="description" className="field-description">
          {props.description}
        </Text>
      )}
      <Popover className="popover menu" offset={2}>
        <ListBox className="menu-list" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.title} className="menu-item">
              {/* No slots: what is seen is the name. */}
              <span className="menu-label">{option.title}</span>
              {option.detail && <span className="menu-detail">{option.detail}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export function Toggle(
  props: Named & { readonly isOn: boolean; readonly onChange: (isOn: boolean) => void },
) {
  return (
    <AriaSwitch
      className="toggle"
      isSelected={props.isOn}
      onChange={props.onChange}
      isDisabled={props.isDisabled ?? false}
    >
      <span className="toggle-track" aria-hidden="true" />
      <span>
        {props.label}
        {props.description && <span className="field-description">{props.description}</span>}
      </span>
    </AriaSwitch>
  );
}

/** A choice of a few, all in sight. */
export function SegmentedControl<T extends string>(props: {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly isDisabled?: boolean;
}) {
  return (
    <ToggleButtonGroup
      aria-label={props.label}
      className="segments"
      selectionMode="single"
      disallowEmptySelection
      isDisabled={props.isDisabled ?? false}
      selectedKeys={[props.value]}
      onSelectionChange={(keys) => {
        const chosen = props.options.find((option) => keys.has(option.id));
        if (chosen) props.onChange(chosen.id);
      }}
    >
      {props.options.map((option) => (
        <ToggleButton key={option.id} id={option.id} className="segment">
          {option.title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
