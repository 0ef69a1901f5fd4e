// Made from assembly/probe.ts by `npm run build:kernels`; not to be edited. 195 bytes.
export const probeWasm = [
  'AGFzbQEAAAABDAJgA39/fwBgAn9/AAISAQNlbnYGbWVtb3J5AgMBgIAEAwQDAQAABygECWFkZFRvRWFjaAACBnRyYXBBdAAABmRhd2Rs',
  'ZQABBm1lbW9yeQIACmcDCwAgACABRgRAAAsLNQIBfAF/IAC3IQMDQCACIARKBEAgAyAEt6CfIQMgBEEBaiEEDAELCyABIABBA3RqIAM5',
  'AwALIwAgASAAQQJ0aiIAIAAoAgAgAmo2AgAgAUFAakEB/h4CABoL',
].join('');
