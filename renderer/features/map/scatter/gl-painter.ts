// Draws points with WebGL 2: one buffer of positions, one of palette slots, one of states. What lies above what is
// decided by depth: context, then the filter's points, then selected ones, within each in an order by chance, so that
// a class is not hidden because it comes first in the dataset.
import {
  CONTEXT_SIZE,
  DIMMED,
  type Ground,
  MATCHED,
  type Painter,
  type Picture,
  RING,
  SELECTED,
  SLOTS,
  type SlotPalette,
  SMALLEST_SHAPED,
  selectedSize,
} from './painter.ts';
import { reach } from './shapes.ts';

const vertexSource = `#version 300 es
precision highp float;
precision highp int;
in vec2 position;
in uint slot;
in uint state;
uniform vec2 centre;
uniform vec2 unit;
uniform float size;
uniform float chosenSize;
uniform float ringRoom;
uniform uint stride;
uniform vec3 context;
uniform sampler2D palette;
flat out vec3 colour;
flat out float shape;
flat out float radius;
flat out float ringed;
const float reach[${reach.length}] = float[](${reach.map((value) => value.toFixed(3)).join(', ')});
void main() {
  vec4 look = texelFetch(palette, ivec2(int(slot), 0), 0);
  int bits = int(look.a * 255.0 + 0.5);
  bool chosen = (state & ${SELECTED}u) != 0u;
  bool shown = chosen || ((state & ${MATCHED}u) != 0u && bits < ${DIMMED});
  colour = shown ? look.rgb : context;
  int form = shown ? (bits & 15) : 0;
  shape = float(form);
  ringed = chosen ? 1.0 : 0.0;
  float diameter = chosen ? chosenSize : shown ? size : size * ${CONTEXT_SIZE.toFixed(2)};
  radius = 0.5 * diameter * reach[form];
  gl_PointSize = ceil(2.0 * (radius + (chosen ? ringRoom : 0.5)));
  uint mixed = uint(gl_VertexID) * stride * 2654435761u;
  float chance = float(mixed >> 8) / 16777216.0;
  float layer = chosen ? 0.0 : shown ? 1.0 : 2.0;
  gl_Position = vec4((position - centre) * unit, (layer + chance) / 3.0 * 1.9 - 0.95, 1.0);
}`;

const fragmentSource = `#version 300 es
precision highp float;
uniform vec3 ring;
uniform float pixel;
flat in vec3 colour;
flat in float shape;
flat in float radius;
flat in float ringed;
out vec4 result;
float edge(vec2 p, float r) {
  vec2 a = abs(p);
  int form = int(shape + 0.5);
  if (form == 1) return max(a.x, a.y) - r;
  if (form == 2) return max(a.x * 0.894 + p.y * -0.447 - r * 0.447, p.y - r * 0.72) - r * 0.06;
  if (form == 3) return (a.x + a.y - r) * 0.7071;
  if (form == 4) a = vec2(abs(p.x + p.y), abs(p.x - p.y)) * 0.7071;
  if (form >= 4) return max(max(a.x, a.y) - r, min(a.x, a.y) - r * 0.3);
  return length(p) - r;
}
void main() {
  if (radius * 2.0 < ${SMALLEST_SHAPED.toFixed(1)} && ringed < 0.5) {
    result = vec4(colour, 1.0);
    return;
  }
  float room = ringed > 0.5 ? ${RING.toFixed(1)} * pixel : 0.5;
  vec2 p = (gl_PointCoord * 2.0 - 1.0) * ceil(2.0 * (radius + room)) * 0.5;
  float distance = edge(p, radius);
  float outer = ringed > 0.5 ? distance - 1.5 * pixel : distance;
  float cover = clamp(0.5 - outer, 0.0, 1.0);
  if (cover < 0.1) discard;
  vec3 inner = mix(ring, colour, clamp(0.5 - distance, 0.0, 1.0));
  result = vec4(ringed > 0.5 ? inner : colour, cover);
}`;

function compiled(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error('WebGL gave no shader');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
    throw new Error(`The shader of the map does not compile: ${gl.getShaderInfoLog(shader)}`);
  return shader;
}

interface Built {
  readonly program: WebGLProgram;
  readonly positions: WebGLBuffer;
  readonly slots: WebGLBuffer;
  readonly states: WebGLBuffer;
  readonly palette: WebGLTexture;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

function built(gl: WebGL2RenderingContext): Built {
  const program = gl.createProgram();
  gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, vertexSource));
  gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, fragmentSource));
  for (const [at, name] of ['position', 'slot', 'state'].entries()) gl.bindAttribLocation(program, at, name);
  gl.linkProgram(program);
  const places = new Map<string, WebGLUniformLocation | null>();
  const palette = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, palette);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  return {
    program,
    positions: gl.createBuffer(),
    slots: gl.createBuffer(),
    states: gl.createBuffer(),
    palette,
    uniform(name) {
      if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
      return places.get(name) ?? null;
    },
  };
}

const asUnit = ([r, g, b]: readonly [number, number, number]) => [r / 255, g / 255, b / 255] as const;
/** An attribute's stride is at most 255 bytes, and a position has eight. */
const MOST_STRIDE = 31;

/**
 * Whether the processor plays the graphics chip (SwiftShader, llvmpipe, WARP): at a million points the software painter
 * is then 70 times faster.
 */
function isDrawnByProcessor(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/**
 * `onRestored` is called after the graphics driver took the picture away and gave it back: everything is in place
 * again and is to be drawn anew. @returns null where there is no WebGL 2, or none that a graphics chip draws.
 */
export function glPainter(canvas: HTMLCanvasElement, onRestored: () => void): Painter | null {
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: true, stencil: false });
  if (!gl) return null;
  if (isDrawnByProcessor(gl)) {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return null;
  }
  let parts = built(gl);
  let xy = new Float32Array(0);
  let slotBytes = new Uint8Array(0);
  let stateBytes = new Uint8Array(0);
  let colours: { readonly palette: SlotPalette; readonly ground: Ground } | null = null;

  const upload = (buffer: WebGLBuffer, data: ArrayBufferView<ArrayBufferLike>, isSameSize: boolean) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    if (isSameSize) gl.bufferSubData(gl.ARRAY_BUFFER, 0, data as ArrayBufferView<ArrayBuffer>);
    else gl.bufferData(gl.ARRAY_BUFFER, data as ArrayBufferView<ArrayBuffer>, gl.DYNAMIC_DRAW);
  };
  const uploadPalette = () => {
    if (!colours) return;
    gl.bindTexture(gl.TEXTURE_2D, parts.palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, SLOTS, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours.palette);
  };

  const onLost = (event: Event) => event.preventDefault();
  const onBack = () => {
    parts = built(gl);
    upload(parts.positions, xy, false);
    upload(parts.slots, slotBytes, false);
    upload(parts.states, stateBytes, false);
    uploadPalette();
    onRestored();
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onBack);

  return {
    kind: 'WebGL',
    canvas,
    setPoints(points) {
      xy = points as Float32Array<ArrayBuffer>;
      upload(parts.positions, xy, false);
    },
    setSlots(bytes) {
      const isSame = bytes.length === slotBytes.length;
      slotBytes = bytes as Uint8Array<ArrayBuffer>;
      upload(parts.slots, slotBytes, isSame);
    },
    setStates(bytes) {
      const isSame = bytes.length === stateBytes.length;
      stateBytes = bytes as Uint8Array<ArrayBuffer>;
      upload(parts.states, stateBytes, isSame);
    },
    setPalette(palette, ground) {
      colours = { palette, ground };
      uploadPalette();
    },
    draw({ camera, size, ratio, pointSize, stride: wanted }: Picture) {
      if (!colours || gl.isContextLost()) return;
      const width = Math.max(1, Math.round(size.width * ratio));
      const height = Math.max(1, Math.round(size.height * ratio));
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      const { uniform } = parts;
      const [r, g, b] = asUnit(colours.ground.ground);
      gl.viewport(0, 0, width, height);
      gl.clearColor(r, g, b, 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      const n = Math.min(xy.length >> 1, slotBytes.length, stateBytes.length);
      if (n === 0) return;
      const stride = Math.max(1, Math.min(MOST_STRIDE, wanted));
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's useProgram is no hook
      gl.useProgram(parts.program);
      gl.enable(gl.DEPTH_TEST);
      gl.depthFunc(gl.LESS);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      gl.bindBuffer(gl.ARRAY_BUFFER, parts.positions);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 8 * stride, 0);
      gl.bindBuffer(gl.ARRAY_BUFFER, parts.slots);
      gl.enableVertexAttribArray(1);
      gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_BYTE, stride, 0);
      gl.bindBuffer(gl.ARRAY_BUFFER, parts.states);
      gl.enableVertexAttribArray(2);
      gl.vertexAttribIPointer(2, 1, gl.UNSIGNED_BYTE, stride, 0);
      gl.uniform2f(uniform('centre'), camera.x, camera.y);
      gl.uniform2f(uniform('unit'), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
      gl.uniform1f(uniform('size'), pointSize * ratio);
      gl.uniform1f(uniform('chosenSize'), selectedSize(pointSize) * ratio);
      gl.uniform1f(uniform('ringRoom'), RING * ratio);
      gl.uniform1f(uniform('pixel'), ratio);
      gl.uniform1ui(uniform('stride'), stride);
      gl.uniform3f(uniform('context'), ...asUnit(colours.ground.context));
      gl.uniform3f(uniform('ring'), ...asUnit(colours.ground.ring));
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, parts.palette);
      gl.uniform1i(uniform('palette'), 0);
      gl.drawArrays(gl.POINTS, 0, Math.ceil(n / stride));
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost);
      canvas.removeEventListener('webglcontextrestored', onBack);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}
