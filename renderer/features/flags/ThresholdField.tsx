// One threshold: typed, or slid. Beside it how many clips it names now, and would name.
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { count } from '../../lib/format.ts';
import { NumberField } from '../../ui/index.ts';

export interface ThresholdFieldProps {
  readonly title: string;
  readonly unit: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The part of the range that the slider covers. */
  readonly from: number;
  readonly to: number;
  /** Clips named by the thresholds in force, and by the ones being set; undefined while they are counted. */
  readonly now: number | undefined;
  readonly then: number | undefined;
  readonly isDisabled: boolean;
}

export function ThresholdField(props: ThresholdFieldProps) {
  const { title, unit, value, onChange, min, max, step, from, to, now, then, isDisabled } = props;
  const isChanged = now !== undefined && then !== undefined && now !== then;
  return (
    <div className="threshold">
      <div className="threshold-head">
        <span>{title}</span>
        <span className={`threshold-count numeric${isChanged ? ' is-changed' : ''}`} role="status">
          {isChanged ? `${count(now)} → ${count(then)}` : then === undefined ? '' : count(then)}
          <span className="visually-hidden"> clips</span>
        </span>
      </div>
      <div className="threshold-controls">
        <Slider
          aria-label={`${title}, ${unit}`}
          className="slider"
          minValue={from}
          maxValue={to}
          step={step}
          value={Math.max(from, Math.min(to, value))}
          onChange={onChange}
          isDisabled={isDisabled}
        >
          <SliderTrack className="slider-track">
            <SliderThumb className="slider-thumb" />
          </SliderTrack>
        </Slider>
        <NumberField
          label={title}
          isLabelHidden
          value={value}
          onChange={onChange}
          min={min}
          max={max}
          step={step}
          unit={unit}
          isDisabled={isDisabled}
        />
      </div>
    </div>
  );
}
