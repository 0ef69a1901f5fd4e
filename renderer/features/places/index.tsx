// The in-app picker as the host's stand-in: `host.chooseFolder()` and the like open it in the browser.
import { useEffect, useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import { type PickerRequest, setPicker } from '../../lib/host.ts';
import { PlacePicker } from './PlacePicker.tsx';
import './places.css';

interface Open {
  readonly request: PickerRequest;
  readonly answer: (place: Place | null) => void;
}

/** Mounted once, by the frame. */
export function PlacePickerHost() {
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(() => {
    setPicker((request) => new Promise((resolve) => setOpen({ request, answer: resolve })));
    return () => setPicker(async () => null);
  }, []);
  if (!open) return null;
  return (
    <PlacePicker
      request={open.request}
      onAnswer={(place) => {
        setOpen(null);
        open.answer(place);
      }}
    />
  );
}
